package org.millrace.engine.control.slow;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.millrace.engine.slow.SlowRequest;

/**
 * One slow request. Immutable; the key's bytes must not be changed.
 *
 * @param id          unique in the process, and greater than those of requests that were answered before
 * @param time        when it was answered, in seconds since the epoch
 * @param durationUs  from framed to reply given to the client
 * @param pool        whose
 * @param server      name of the one that answered, of the last one if there were several; empty if none was asked
 * @param client      address
 * @param clientName  as CLIENT SETNAME has it, empty if it has none
 * @param command     as in the table of commands, a subcommand as {@code client|list}
 * @param words       of the request, the command included
 * @param key         the first bytes of the first key, empty if it has none or it is not known
 * @param keyLength   the whole key's; below 0 if there is none
 * @param linkWaitUs  stage {@code link_wait}
 * @param serverUs    stage {@code server}
 * @param orderWaitUs stage {@code order_wait}
 */
public record SlowRow(long id, long time, long durationUs, String pool, String server, String client,
    String clientName, String command, int words, byte[] key, int keyLength, long linkWaitUs, long serverUs,
    long orderWaitUs) {

    static SlowRow of(SlowRequest request, long id, long time) {
        int kept = Math.clamp(request.keyLength, 0, SlowRequest.KEY_BYTES);
        return new SlowRow(id, time, request.durationNs / 1_000, request.pool,
            request.server == null ? "" : request.server, request.client,
            new String(request.clientName, StandardCharsets.UTF_8), request.command, request.words,
            Arrays.copyOf(request.key, kept), request.keyLength, request.linkWaitNs / 1_000, request.serverNs / 1_000,
            request.orderWaitNs / 1_000);
    }

    SlowRow numbered(long number) {
        return new SlowRow(number, time, durationUs, pool, server, client, clientName, command, words, key, keyLength,
            linkWaitUs, serverUs, orderWaitUs);
    }

    /** The bytes of the key that were not kept. */
    int keyRest() {
        return Math.max(0, keyLength - key.length);
    }

    /** The key's first bytes, and in Redis's words how much is missing at its end. */
    public byte[] cappedKey() {
        if (keyRest() == 0) {
            return key.clone();
        }
        byte[] rest = rest().getBytes(StandardCharsets.US_ASCII);
        byte[] capped = Arrays.copyOf(key, key.length + rest.length);
        System.arraycopy(rest, 0, capped, key.length, rest.length);
        return capped;
    }

    private String rest() {
        return "... (" + keyRest() + " more bytes)";
    }

    /** The key as text: what is no printable ASCII as {@code \xhh}, and how much is missing at its end. */
    public String keyText() {
        StringBuilder text = new StringBuilder(key.length);
        for (byte each : key) {
            if (each == '\\') {
                text.append("\\\\");
            } else if (each >= ' ' && each < 0x7f) {
                text.append((char) each);
            } else {
                text.append("\\x").append(Character.forDigit(each >> 4 & 0xf, 16))
                    .append(Character.forDigit(each & 0xf, 16));
            }
        }
        if (keyRest() > 0) {
            text.append(rest());
        }
        return text.toString();
    }
}
