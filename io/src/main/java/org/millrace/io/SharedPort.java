package org.millrace.io;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A TCP port on which several processes listen (SO_REUSEPORT), and how one of them leaves it. The kernel resets what
 * waits to be accepted, or is about to connect, where a listener closes. So a leaver first gives the group of listeners
 * a program that names another for all that is new, goes on accepting what had come before, and closes when nothing can
 * be left. Only on Linux; not on the data path.
 */
public final class SharedPort {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    /** In the system's tables of sockets. */
    private static final int ADDRESS_WORD = 1;
    private static final int STATE_WORD = 3;
    private static final int INODE_WORD = 9;
    private static final String LISTENS = "0A";

    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_REUSEPORT_CBPF = 51;
    private static final int SO_DETACH_REUSEPORT_BPF = 68;
    /** A program of one instruction: BPF_RET | BPF_K, which returns a constant. */
    private static final short RETURN = 0x06;
    private static final int INSTRUCTION_BYTES = 8;
    private static final int CONSTANT_AT = 4;
    private static final int PROGRAM_BYTES = 16;
    private static final int PROGRAM_AT = 8;

    private final int port;
    /** Those that were there before us: the kernel numbers a group's members as they come. */
    private final Set<String> elders = new HashSet<>();
    private String self;
    private int descriptor = -1;

    private SharedPort(int port) {
        this.port = port;
    }

    /** To be asked before one listens there. */
    public static SharedPort before(Endpoint endpoint) {
        SharedPort shared = new SharedPort(endpoint.port());
        shared.listeners().forEach(each -> shared.elders.add(each.inode));
        return shared;
    }

    /** To be told after one listens: what a process that has left has arranged holds no more. */
    public void entered() {
        Map<String, Integer> own = own();
        for (Member each : listeners()) {
            if (own.containsKey(each.inode) && !elders.contains(each.inode)) {
                self = each.inode;
                descriptor = own.get(self);
            }
        }
        setOption(SO_DETACH_REUSEPORT_BPF, Arena.global().allocate(JAVA_INT), JAVA_INT.byteSize());
    }

    /**
     * Lets all new connections go to another listener. What has come before still has to be accepted.
     *
     * @return false if nobody else listens, or if the system cannot do it
     */
    public boolean leave() {
        List<Member> group = group();
        if (group.size() < 2) {
            return false;
        }
        boolean behindAnother = group.stream().anyMatch(each -> elders.contains(each.inode));
        // the first of them, if that is not us, or else the last
        int heir = behindAnother ? 0 : group.size() - 1;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment instruction = arena.allocate(INSTRUCTION_BYTES, Long.BYTES);
            instruction.set(JAVA_SHORT, 0, RETURN);
            instruction.set(JAVA_INT, CONSTANT_AT, heir);
            MemorySegment program = arena.allocate(PROGRAM_BYTES, Long.BYTES);
            program.set(JAVA_SHORT, 0, (short) 1);
            program.set(ADDRESS, PROGRAM_AT, instruction);
            return setOption(SO_ATTACH_REUSEPORT_CBPF, program, PROGRAM_BYTES);
        }
    }

    /** Those that listen on exactly our address. */
    private List<Member> group() {
        List<Member> all = listeners();
        for (Member each : all) {
            if (each.inode.equals(self)) {
                return all.stream().filter(other -> other.address.equals(each.address)).toList();
            }
        }
        return List.of();
    }

    /**
     * A listening socket.
     *
     * @param address as its table has it
     */
    private record Member(String address, String inode) {
    }

    private List<Member> listeners() {
        List<Member> found = new ArrayList<>();
        String ending = ':' + HexFormat.of().withUpperCase().toHexDigits((short) port);
        for (String table : List.of("tcp", "tcp6")) {
            try {
                for (String line : Files.readAllLines(Path.of("/proc/self/net", table))) {
                    String[] words = line.trim().split(" +");
                    if (words.length > INODE_WORD && words[STATE_WORD].equals(LISTENS)
                        && words[ADDRESS_WORD].endsWith(ending)) {
                        found.add(new Member(table + words[ADDRESS_WORD], words[INODE_WORD]));
                    }
                }
            } catch (IOException e) {
                // no such system, or no such protocol
                continue;
            }
        }
        return found;
    }

    /** Our sockets' descriptors by their inodes. */
    private static Map<String, Integer> own() {
        Map<String, Integer> own = new HashMap<>();
        try (Stream<Path> entries = Files.list(DESCRIPTORS)) {
            entries.forEach(entry -> {
                try {
                    String target = Files.readSymbolicLink(entry).toString();
                    if (target.startsWith("socket:[")) {
                        own.put(target.replaceAll("[^0-9]", ""), Integer.parseInt(entry.getFileName().toString()));
                    }
                } catch (IOException e) {
                    // closed in between
                    return;
                }
            });
        } catch (IOException e) {
            own.clear();
        }
        return own;
    }

    @SuppressWarnings("restricted")
    private boolean setOption(int option, MemorySegment value, long length) {
        if (descriptor < 0) {
            return false;
        }
        Linker linker = Linker.nativeLinker();
        MethodHandle setsockopt = linker.downcallHandle(linker.defaultLookup().findOrThrow("setsockopt"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
        try {
            return (int) setsockopt.invokeExact(descriptor, SOL_SOCKET, option, value, (int) length) == 0;
        } catch (Throwable t) {
            throw new IllegalStateException("a system call could not be made", t);
        }
    }
}
