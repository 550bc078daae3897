package org.millrace.io.uring;

/** Numbers of system calls: those of x86-64, and the generic ones that aarch64 has. */
final class SyscallNumbers {
    private static final String ARCHITECTURE = System.getProperty("os.arch");
    private static final boolean X86 = "amd64".equals(ARCHITECTURE) || "x86_64".equals(ARCHITECTURE);

    static final long WRITE = number(1, 64);
    static final long CLOSE = number(3, 57);
    static final long MMAP = number(9, 222);
    static final long MUNMAP = number(11, 215);
    static final long SOCKET = number(41, 198);
    static final long CONNECT = number(42, 203);
    static final long SHUTDOWN = number(48, 210);
    static final long BIND = number(49, 200);
    static final long LISTEN = number(50, 201);
    static final long GETSOCKNAME = number(51, 204);
    static final long GETPEERNAME = number(52, 205);
    static final long SETSOCKOPT = number(54, 208);
    static final long GETSOCKOPT = number(55, 209);
    static final long GETTID = number(186, 178);
    static final long TGKILL = number(234, 131);
    static final long EVENTFD2 = number(290, 19);
    static final long IO_URING_SETUP = 425;
    static final long IO_URING_ENTER = 426;
    static final long IO_URING_REGISTER = 427;

    private SyscallNumbers() {
    }

    /** Whether these numbers are right on this machine. */
    static boolean areKnown() {
        return System.getProperty("os.name").startsWith("Linux") && (X86 || "aarch64".equals(ARCHITECTURE));
    }

    private static long number(int x86, int generic) {
        return X86 ? x86 : generic;
    }
}
