package org.millrace.routing.distribution;

import java.util.List;

/**
 * Consistent hashing: a key belongs to the first point of the ring at or after its hash, past the end to the first.
 *
 * <p>The lookup runs for every key. A binary search would take ten or so steps, each a coin toss for the branch
 * predictor and each dependent on the one before. Instead the ring is cut into at least twice as many equal buckets as
 * it has points (up to a million), and a table says for each bucket which point comes first at or after the bucket's
 * start. As points are spread evenly, the answer is that point or, seldom, one of the next few: a lookup touches one
 * cache line of the table and one of the points. A point and its server share a {@code long}, so that finding the point
 * is having the server.
 *
 * <pre>
 *   hash ──▶ top bits ──▶ firstOfBucket[b] ──▶ ring[i], ring[i + 1], ... until point &gt;= hash
 *                                              | point (32, unsigned) | server (32) |
 * </pre>
 */
final class KetamaDistribution implements Distribution {
    private static final int BUCKETS_PER_POINT = 2;
    private static final int BUCKET_BITS_MAX = 20;
    private static final long POINT_MAX = 0xffff_ffffL;

    private final long[] ring;
    private final int[] firstOfBucket;
    private final int bucketShift;

    KetamaDistribution(List<ServerNode> nodes) {
        long[] points = KetamaPoints.of(nodes);
        // One more entry at the greatest value closes the circle: no lookup runs off the end.
        ring = new long[points.length + 1];
        System.arraycopy(points, 0, ring, 0, points.length);
        ring[points.length] = POINT_MAX << 32 | serverOf(points[0]);

        int buckets = points.length * BUCKETS_PER_POINT;
        int bucketBits = Math.min(BUCKET_BITS_MAX, Integer.SIZE - Integer.numberOfLeadingZeros(buckets));
        bucketShift = Integer.SIZE - bucketBits;
        firstOfBucket = new int[1 << bucketBits];
        int i = 0;
        for (int bucket = 0; bucket < firstOfBucket.length; bucket++) {
            long bucketStart = (long) bucket << bucketShift;
            while (pointOf(ring[i]) < bucketStart) {
                i++;
            }
            firstOfBucket[bucket] = i;
        }
    }

    @Override
    public int serverFor(int hash) {
        long value = hash & POINT_MAX;
        int i = firstOfBucket[hash >>> bucketShift];
        long entry = ring[i];
        while (pointOf(entry) < value) {
            entry = ring[++i];
        }
        return serverOf(entry);
    }

    @Override
    public long slotsOf(int server) {
        long count = 0;
        for (int i = 0; i < ring.length - 1; i++) {
            if (serverOf(ring[i]) == server) {
                count++;
            }
        }
        return count;
    }

    private static long pointOf(long entry) {
        return entry >>> 32;
    }

    private static int serverOf(long entry) {
        return (int) entry;
    }
}
