package org.millrace.routing.distribution;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.millrace.conf.ServerConfig;

/**
 * A server of a pool as routing sees it.
 *
 * @param index    the server's identity on the data path, which it keeps; at first its position in the file, from 0
 * @param ringName the text that stands for the server on the ring
 * @param config   what the file says of it
 */
public record ServerNode(int index, String ringName, ServerConfig config) {
    /**
     * The order in which distributions number servers: shorter ring names first, then bytewise. Everything that depends
     * on it (modula's slots, ketama's choice between equal points) depends on names, never on the order in the file.
     */
    public static final Comparator<ServerNode> RING_ORDER = ServerNode::compareNames;

    /** The nodes of a server list, in file order, each with its position as its index. */
    public static List<ServerNode> listOf(List<ServerConfig> servers) {
        List<ServerNode> nodes = new ArrayList<>(servers.size());
        for (ServerConfig server : servers) {
            nodes.add(new ServerNode(nodes.size(), server.ringName(), server));
        }
        return List.copyOf(nodes);
    }

    /** Share of the key space, relative to the other servers. */
    public int weight() {
        return config.weight();
    }

    /** The weights of all nodes together. */
    static long totalWeight(List<ServerNode> nodes) {
        long total = 0;
        for (ServerNode node : nodes) {
            total += node.weight();
        }
        return total;
    }

    private static int compareNames(ServerNode left, ServerNode right) {
        byte[] leftName = left.ringName.getBytes(UTF_8);
        byte[] rightName = right.ringName.getBytes(UTF_8);
        int byLength = Integer.compare(leftName.length, rightName.length);
        return byLength != 0 ? byLength : Arrays.compareUnsigned(leftName, rightName);
    }
}
