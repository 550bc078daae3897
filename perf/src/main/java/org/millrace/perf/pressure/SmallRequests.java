package org.millrace.perf.pressure;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.millrace.perf.client.RequestWriter;
import org.millrace.perf.load.Mixer;

/** GETs and SETs of small values, three to one, each key as likely as the other. */
final class SmallRequests implements RequestSource {
    private static final byte[] GET = "GET".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SET = "SET".getBytes(StandardCharsets.US_ASCII);
    private static final int VALUE_SIZE = 64;

    private final byte[][] keys;
    private final byte[] value = "v".repeat(VALUE_SIZE).getBytes(StandardCharsets.US_ASCII);

    SmallRequests(List<String> keys) {
        this.keys = keys.stream().map(each -> each.getBytes(StandardCharsets.US_ASCII)).toArray(byte[][]::new);
    }

    @Override
    public void write(RequestWriter out, Mixer random) {
        byte[] key = keys[random.nextInt(keys.length)];
        if (random.chance(1, 4)) {
            out.array(3).bulk(SET).bulk(key).bulk(value);
        } else {
            out.array(2).bulk(GET).bulk(key);
        }
    }
}
