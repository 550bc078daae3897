package org.millrace.io.uring;

import java.io.IOException;
import org.millrace.io.uring.Abi.Params;

/** A ring could not be set up; the message is one line for the log. */
final class RingException extends IOException {
    private static final long serialVersionUID = 1;

    private final int errno;

    RingException(String message) {
        this(message, 0);
    }

    private RingException(String message, int errno) {
        super(message);
        this.errno = errno;
    }

    /** Whether the limit of locked memory stood against it, which others may be about to give back. */
    boolean isShortOfMemory() {
        return errno == Errno.ENOMEM;
    }

    /** Returns the result of a call, or throws if it is a negative errno. */
    static long check(String call, long result) throws RingException {
        if (result < 0) {
            throw new RingException(explain(call, (int) -result), (int) -result);
        }
        return result;
    }

    static RingException lacking(int features) {
        StringBuilder names = new StringBuilder();
        name(names, features & Params.FEAT_SINGLE_MMAP, "IORING_FEAT_SINGLE_MMAP");
        name(names, features & Params.FEAT_NODROP, "IORING_FEAT_NODROP");
        name(names, features & Params.FEAT_SUBMIT_STABLE, "IORING_FEAT_SUBMIT_STABLE");
        name(names, features & Params.FEAT_EXT_ARG, "IORING_FEAT_EXT_ARG");
        name(names, features & Params.FEAT_CQE_SKIP, "IORING_FEAT_CQE_SKIP");
        return lacking(names.substring(1));
    }

    /** By their names in the kernel's headers. */
    static RingException lacking(String names) {
        return new RingException("the kernel's io_uring lacks " + names + " (Linux 6.8 is needed)");
    }

    /** What most likely stands behind an error of a call while a ring is set up. */
    static String explain(String call, int errno) {
        String reason = call + ": " + Errno.text(errno);
        return switch (errno) {
            case Errno.EPERM -> "io_uring is not allowed here (seccomp or kernel.io_uring_disabled): " + reason;
            case Errno.ENOSYS -> "the kernel has no io_uring: " + reason;
            case Errno.EINVAL -> "the kernel's io_uring is too old (Linux 6.8 is needed): " + reason;
            case Errno.ENOMEM -> "the limit of locked memory (ulimit -l) is too small for io_uring: " + reason;
            case Errno.EMFILE, Errno.ENFILE -> "no descriptor is left for io_uring: " + reason;
            default -> "io_uring cannot be set up: " + reason;
        };
    }

    private static void name(StringBuilder names, int bit, String name) {
        if (bit != 0) {
            names.append(' ').append(name);
        }
    }
}
