package org.millrace.perf.endtoend;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.millrace.perf.server.LocalRedis;

/**
 * The process's open sockets, pipes and the like. Files are left out: the JVM opens its jars when it likes; and UDP:
 * client libraries ask name servers.
 */
final class Descriptors {
    /** Where a line of such a table has the inode. */
    private static final int INODE = 9;

    static {
        warmUp();
    }

    private Descriptors() {
    }

    /** How many there are of each kind. */
    static Map<String, Integer> open() {
        Map<String, Integer> kinds = new TreeMap<>();
        Set<String> udp = udpInodes();
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
            entries.forEach(entry -> {
                try {
                    String target = Files.readSymbolicLink(entry).toString();
                    if (!target.startsWith("/") && !udp.contains(target)) {
                        kinds.merge(target.startsWith("anon_inode") ? target : target.replaceFirst(":.*", ""), 1,
                            Integer::sum);
                    }
                } catch (IOException e) {
                    // closed in between
                    kinds.merge("gone", 0, Integer::sum);
                }
            });
        } catch (IOException e) {
            throw new IllegalStateException("this needs /proc", e);
        }
        kinds.remove("gone");
        return kinds;
    }

    /** True if no kind has more than before. */
    static boolean areBackTo(Map<String, Integer> before) {
        return open().entrySet().stream().allMatch(kind -> kind.getValue() <= before.getOrDefault(kind.getKey(), 0));
    }

    /** The open sockets as the system's tables tell them, for the message of a failure. */
    static String sockets() {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
            for (Path entry : entries.toList()) {
                String target = Files.exists(entry, LinkOption.NOFOLLOW_LINKS)
                    ? Files.readSymbolicLink(entry).toString() : "";
                if (target.startsWith("socket:[")) {
                    text.append('\n').append(target).append(tableLine(target.replaceAll("[^0-9]", "")));
                }
            }
        } catch (IOException e) {
            text.append(e);
        }
        return text.toString();
    }

    /** UDP sockets as /proc/self/fd names them; the tables of TCP are too long to look there for each socket. */
    private static Set<String> udpInodes() {
        Set<String> inodes = new HashSet<>();
        try {
            for (String table : List.of("udp", "udp6")) {
                for (String line : Files.readAllLines(Path.of("/proc/self/net", table))) {
                    String[] words = line.trim().split(" +");
                    inodes.add(words.length > INODE ? "socket:[" + words[INODE] + ']' : "");
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("this needs /proc", e);
        }
        return inodes;
    }

    private static String tableLine(String inode) throws IOException {
        for (String table : List.of("tcp", "tcp6", "unix", "udp", "udp6")) {
            for (String line : Files.readAllLines(Path.of("/proc/self/net", table))) {
                if (line.matches(".*\\b" + inode + "\\b.*")) {
                    return " " + table + line;
                }
            }
        }
        return " in no table: closed by the other side, or never connected";
    }

    /** Makes the JVM open what it opens on first use and never closes. */
    private static void warmUp() {
        try (Selector selector = Selector.open();
            ServerSocketChannel listener = ServerSocketChannel.open().bind(null);
            SocketChannel client = SocketChannel.open(listener.getLocalAddress());
            ServerSocket classicListener = new ServerSocket(0);
            Socket classicClient = new Socket("127.0.0.1", classicListener.getLocalPort())) {
            client.configureBlocking(false);
            selector.selectNow();
            classicClient.getOutputStream().write(0);
            LocalRedis.start().close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
