package org.millrace.io.uring;

/** Memory by {@code mmap}. */
final class Mapping {
    static final int PAGE_BYTES = 4096;
    /** PROT_READ | PROT_WRITE. */
    private static final int READ_WRITE = 3;
    /** MAP_SHARED | MAP_POPULATE. */
    private static final int SHARED_POPULATE = 0x8001;
    /** MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE. */
    private static final int ANONYMOUS = 0x8022;

    private Mapping() {
    }

    /** Returns the address or the negative errno. */
    static long ofFile(Syscalls syscalls, int fd, long bytes, long offset) {
        return syscalls.call(SyscallNumbers.MMAP, 0, bytes, READ_WRITE, SHARED_POPULATE, fd, offset);
    }

    /** Zeroed, page-aligned memory; returns the address or the negative errno. */
    static long anonymous(Syscalls syscalls, long bytes) {
        return syscalls.call(SyscallNumbers.MMAP, 0, bytes, READ_WRITE, ANONYMOUS, -1, 0);
    }

    static void free(long address, long bytes) {
        Syscalls.callQuietly(SyscallNumbers.MUNMAP, address, bytes, 0);
    }
}
