package org.millrace.routing.distribution;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.routing.hash.Md5;

/**
 * Computes the points of a ketama ring.
 *
 * <p>How many points a server gets is computed in 32-bit floats, each step rounded, because twemproxy does so: with 25
 * equal servers, for one, each gets 156 points and not 160. Exact arithmetic would move keys. A light server beside a
 * very heavy one can get none.
 */
final class KetamaPoints {
    private static final int POINTS_PER_SERVER = 160;
    private static final int POINTS_PER_DIGEST = 4;
    private static final double ROUNDING_ALLOWANCE = 1e-10;
    private static final int LABEL_LENGTH_MAX = 272;

    private KetamaPoints() {
    }

    /**
     * The points of all nodes, ordered by value; points of equal value keep the nodes' order.
     *
     * @param nodes in ring order, at least one
     * @return for each point its value in the upper and its server's index in the lower 32 bits, unsigned
     * @throws IllegalArgumentException if the ring would have more points than an array can hold
     */
    static long[] of(List<ServerNode> nodes) {
        long totalWeight = ServerNode.totalWeight(nodes);
        long digests = 0;
        for (ServerNode node : nodes) {
            digests += digestsOf(node.weight(), totalWeight, nodes.size());
        }
        if (digests > Integer.MAX_VALUE / 64) {
            throw new IllegalArgumentException("a ring of " + nodes.size() + " servers is too large");
        }

        int[] serverBySequence = new int[(int) digests * POINTS_PER_DIGEST];
        long[] points = new long[serverBySequence.length];
        UnsafeBuffer label = new UnsafeBuffer(0, 0);
        Md5 md5 = new Md5();
        int sequence = 0;
        for (ServerNode node : nodes) {
            int count = digestsOf(node.weight(), totalWeight, nodes.size());
            for (int i = 0; i < count; i++) {
                byte[] bytes = (node.ringName() + '-' + i).getBytes(UTF_8);
                label.wrap(bytes, 0, Math.min(bytes.length, LABEL_LENGTH_MAX));
                md5.digest(label, 0, label.capacity());
                for (int word = 0; word < POINTS_PER_DIGEST; word++) {
                    points[sequence] = (long) md5.word(word) << 32 | sequence;
                    serverBySequence[sequence++] = node.index();
                }
            }
        }
        sortUnsigned(points);
        for (int i = 0; i < points.length; i++) {
            points[i] = (points[i] & ~0xffff_ffffL) | serverBySequence[(int) points[i]];
        }
        return points;
    }

    /** Digests of one server, four points each. Every operation rounds to a float, from left to right. */
    private static int digestsOf(int weight, long totalWeight, int nodeCount) {
        float share = (float) weight / (float) totalWeight;
        float exact = share * POINTS_PER_SERVER / POINTS_PER_DIGEST * (float) nodeCount;
        return (int) Math.floor((float) ((double) exact + ROUNDING_ALLOWANCE));
    }

    /** The sequence in the low half makes the order of equal points stable. */
    private static void sortUnsigned(long[] points) {
        for (int i = 0; i < points.length; i++) {
            points[i] ^= Long.MIN_VALUE;
        }
        Arrays.sort(points);
        for (int i = 0; i < points.length; i++) {
            points[i] ^= Long.MIN_VALUE;
        }
    }
}
