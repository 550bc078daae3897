package org.millrace.io.uring;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Numbers of system calls: those of x86-64, and the generic ones that aarch64 has. */
final class SyscallNumbers {
    private static final String ARCHITECTURE = System.getProperty("os.arch");
    private static final boolean X86 = isX86(ARCHITECTURE);
    private static final List<Row> ROWS = new ArrayList<>();

    static final long WRITE = number("__NR_write", 1, 64);
    static final long CLOSE = number("__NR_close", 3, 57);
    static final long MMAP = number("__NR_mmap", 9, 222);
    static final long MUNMAP = number("__NR_munmap", 11, 215);
    static final long SOCKET = number("__NR_socket", 41, 198);
    static final long CONNECT = number("__NR_connect", 42, 203);
    static final long SHUTDOWN = number("__NR_shutdown", 48, 210);
    static final long BIND = number("__NR_bind", 49, 200);
    static final long LISTEN = number("__NR_listen", 50, 201);
    static final long GETSOCKNAME = number("__NR_getsockname", 51, 204);
    static final long GETPEERNAME = number("__NR_getpeername", 52, 205);
    static final long SETSOCKOPT = number("__NR_setsockopt", 54, 208);
    static final long GETSOCKOPT = number("__NR_getsockopt", 55, 209);
    static final long GETTID = number("__NR_gettid", 186, 178);
    static final long TGKILL = number("__NR_tgkill", 234, 131);
    static final long EVENTFD2 = number("__NR_eventfd2", 290, 19);
    static final long IO_URING_SETUP = number("__NR_io_uring_setup", 425, 425);
    static final long IO_URING_ENTER = number("__NR_io_uring_enter", 426, 426);
    static final long IO_URING_REGISTER = number("__NR_io_uring_register", 427, 427);

    /** One call: its name in the kernel's headers, its number on x86-64, and in {@code asm-generic/unistd.h}. */
    record Row(String name, int x86, int generic) {
        /** The number on an architecture as the JDK names it. */
        int on(String architecture) {
            return isX86(architecture) ? x86 : generic;
        }
    }

    private SyscallNumbers() {
    }

    /** Whether these numbers are right on this machine. */
    static boolean areKnown() {
        return areKnown(System.getProperty("os.name"), ARCHITECTURE);
    }

    static boolean areKnown(String system, String architecture) {
        return system.startsWith("Linux") && (isX86(architecture) || "aarch64".equals(architecture));
    }

    /** The table, for tests. */
    static List<Row> rows() {
        return Collections.unmodifiableList(ROWS);
    }

    private static boolean isX86(String architecture) {
        return "amd64".equals(architecture) || "x86_64".equals(architecture);
    }

    private static long number(String name, int x86, int generic) {
        ROWS.add(new Row(name, x86, generic));
        return X86 ? x86 : generic;
    }
}
