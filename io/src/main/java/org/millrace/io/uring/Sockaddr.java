package org.millrace.io.uring;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;

/** {@code struct sockaddr_in}, {@code sockaddr_in6} and {@code sockaddr_un} in memory; not on the data path. */
final class Sockaddr {
    /** struct sockaddr_storage. */
    static final int MAX_BYTES = 128;
    static final int AF_UNIX = 1;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;

    /** sin_family, sin6_family, sun_family. */
    private static final int FAMILY = 0;
    /** sin_port, sin6_port: big-endian. */
    private static final int PORT = 2;
    private static final int SIN_ADDR = 4;
    private static final int SIN_BYTES = 16;
    private static final int SIN6_ADDR = 8;
    private static final int SIN6_SCOPE_ID = 24;
    private static final int SIN6_BYTES = 28;
    private static final int SUN_PATH = 2;
    private static final int MAX_PATH_BYTES = 107;
    private static final int INET4_BYTES = 4;
    private static final int INET6_BYTES = 16;

    private Sockaddr() {
    }

    static int family(SocketAddress address) {
        if (address instanceof UnixDomainSocketAddress) {
            return AF_UNIX;
        }
        return ((InetSocketAddress) address).getAddress() instanceof Inet6Address ? AF_INET6 : AF_INET;
    }

    /**
     * Writes a resolved address to memory of {@link #MAX_BYTES}.
     *
     * @return its length
     */
    static int write(SocketAddress address, long memory) throws IOException {
        Raw.clear(memory, MAX_BYTES);
        int family = family(address);
        Raw.putShort(memory + FAMILY, (short) family);
        if (address instanceof UnixDomainSocketAddress unix) {
            byte[] path = unix.getPath().toString().getBytes(StandardCharsets.UTF_8);
            if (path.length > MAX_PATH_BYTES) {
                throw new IOException("Unix domain path too long");
            }
            put(memory + SUN_PATH, path);
            return SUN_PATH + path.length + 1;
        }
        InetSocketAddress tcp = (InetSocketAddress) address;
        Raw.putByte(memory + PORT, (byte) (tcp.getPort() >>> Byte.SIZE));
        Raw.putByte(memory + PORT + 1, (byte) tcp.getPort());
        if (tcp.getAddress() instanceof Inet6Address ip) {
            put(memory + SIN6_ADDR, ip.getAddress());
            Raw.putInt(memory + SIN6_SCOPE_ID, ip.getScopeId());
            return SIN6_BYTES;
        }
        put(memory + SIN_ADDR, tcp.getAddress().getAddress());
        return SIN_BYTES;
    }

    /** The address of a length in memory; null if it has none, as the nameless end of a unix socket. */
    static SocketAddress read(long memory, int length) throws IOException {
        if (length <= SUN_PATH) {
            return null;
        }
        int port = (Raw.getByte(memory + PORT) & 0xff) << Byte.SIZE | Raw.getByte(memory + PORT + 1) & 0xff;
        return switch (Raw.getShort(memory + FAMILY)) {
            case AF_INET -> new InetSocketAddress(InetAddress.getByAddress(get(memory + SIN_ADDR, INET4_BYTES)), port);
            case AF_INET6 ->
                new InetSocketAddress(InetAddress.getByAddress(get(memory + SIN6_ADDR, INET6_BYTES)), port);
            default -> {
                byte[] path = get(memory + SUN_PATH, length - SUN_PATH);
                int end = 0;
                while (end < path.length && path[end] != 0) {
                    end++;
                }
                yield UnixDomainSocketAddress.of(new String(path, 0, end, StandardCharsets.UTF_8));
            }
        };
    }

    private static void put(long memory, byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            Raw.putByte(memory + i, bytes[i]);
        }
    }

    private static byte[] get(long memory, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = Raw.getByte(memory + i);
        }
        return bytes;
    }
}
