package org.millrace.io.uring;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import org.millrace.io.Endpoint;
import org.millrace.io.ListenOptions;
import org.millrace.io.SocketAddresses;

/** Opening, binding and asking sockets by descriptor; used by one thread at a time, not on the data path. */
final class NativeSockets {
    /** SOCK_STREAM | SOCK_CLOEXEC. */
    private static final int SOCK_STREAM = 0x80001;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_ERROR = 4;
    private static final int SO_KEEPALIVE = 9;
    private static final int SO_REUSEPORT = 15;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_NODELAY = 1;
    private static final int SHUT_WR = 1;
    private static final int SHUT_RDWR = 2;

    private final Syscalls syscalls;
    private final MemorySegment address = Arena.ofAuto().allocate(Sockaddr.MAX_BYTES, Long.BYTES);
    private final MemorySegment value = Arena.ofAuto().allocate(Long.BYTES * 2, Long.BYTES);

    NativeSockets(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    /** A listening socket; what is accepted inherits its options. */
    int listen(Endpoint endpoint, ListenOptions options) throws IOException {
        int fd = -1;
        try {
            fd = open(endpoint.address(), 0);
            if (endpoint.address() instanceof UnixDomainSocketAddress unix) {
                SocketAddresses.unlinkStale(unix);
            } else {
                set(fd, SOL_SOCKET, SO_REUSEADDR);
                set(fd, IPPROTO_TCP, TCP_NODELAY);
                if (options.reusePort()) {
                    set(fd, SOL_SOCKET, SO_REUSEPORT);
                }
                if (options.keepAlive()) {
                    set(fd, SOL_SOCKET, SO_KEEPALIVE);
                }
            }
            int length = Sockaddr.write(endpoint.address(), address.address());
            check(syscalls.call(SyscallNumbers.BIND, fd, address.address(), length));
            check(syscalls.call(SyscallNumbers.LISTEN, fd, options.backlog(), 0));
            if (endpoint.address() instanceof UnixDomainSocketAddress unix) {
                SocketAddresses.setMode(unix, options.fileMode());
            }
            return fd;
        } catch (IOException | RuntimeException e) {
            if (fd >= 0) {
                Syscalls.close(fd);
            }
            throw new IOException("listen on " + endpoint + ": " + SocketAddresses.reason(e), e);
        }
    }

    /** A socket to connect with. */
    int openToConnect(SocketAddress remote) throws IOException {
        int fd = open(remote, SOCK_NONBLOCK);
        if (!(remote instanceof UnixDomainSocketAddress)) {
            set(fd, IPPROTO_TCP, TCP_NODELAY);
        }
        return fd;
    }

    /** Returns 0 if the connection stands at once, else the errno, EINPROGRESS among them. */
    int connect(int fd, SocketAddress remote) throws IOException {
        int length = Sockaddr.write(remote, address.address());
        return (int) -syscalls.call(SyscallNumbers.CONNECT, fd, address.address(), length);
    }

    /** The error that a socket has met, and that is told once; 0 for none. */
    int takeError(int fd) {
        long length = value.address() + Long.BYTES;
        Raw.putInt(length, Integer.BYTES);
        long result = syscalls.call(SyscallNumbers.GETSOCKOPT, fd, SOL_SOCKET, SO_ERROR, value.address(), length, 0);
        return result < 0 ? (int) -result : Raw.getInt(value.address());
    }

    /** Null if it has no name. */
    SocketAddress local(int fd) throws IOException {
        return name(SyscallNumbers.GETSOCKNAME, fd);
    }

    /** Null if it has no name. */
    SocketAddress remote(int fd) throws IOException {
        return name(SyscallNumbers.GETPEERNAME, fd);
    }

    /** Sends FIN; returns 0 or the errno. */
    int shutDownOutput(int fd) {
        return (int) -syscalls.call(SyscallNumbers.SHUTDOWN, fd, SHUT_WR, 0);
    }

    /** Lets a listening socket accept no more, although a request of the kernel's still holds it. */
    static void stopListening(int fd) {
        Syscalls.callQuietly(SyscallNumbers.SHUTDOWN, fd, SHUT_RDWR, 0);
    }

    private int open(SocketAddress of, int flags) throws IOException {
        if (of instanceof InetSocketAddress tcp && tcp.isUnresolved()) {
            throw new IOException("the name is not resolved");
        }
        return (int) check(syscalls.call(SyscallNumbers.SOCKET, Sockaddr.family(of), SOCK_STREAM | flags, 0));
    }

    private void set(int fd, int level, int option) throws IOException {
        Raw.putInt(value.address(), 1);
        check(syscalls.call(SyscallNumbers.SETSOCKOPT, fd, level, option, value.address(), Integer.BYTES, 0));
    }

    private SocketAddress name(long call, int fd) throws IOException {
        Raw.putInt(value.address(), Sockaddr.MAX_BYTES);
        check(syscalls.call(call, fd, address.address(), value.address()));
        return Sockaddr.read(address.address(), Raw.getInt(value.address()));
    }

    private static long check(long result) throws IOException {
        if (result < 0) {
            throw new IOException(Errno.text((int) -result));
        }
        return result;
    }
}
