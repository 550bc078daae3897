package org.millrace.engine.control.slow;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.millrace.engine.control.KeyText;
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

    /** The key's first bytes, and in Redis's words how much is missing at its end. */
    public byte[] cappedKey() {
        byte[] missing = KeyText.missing(keyLength - key.length).getBytes(StandardCharsets.US_ASCII);
        byte[] capped = Arrays.copyOf(key, key.length + missing.length);
        System.arraycopy(missing, 0, capped, key.length, missing.length);
        return capped;
    }

    /** The key's first bytes as text, and how much is missing at its end. */
    public String keyText() {
        return KeyText.of(key, keyLength);
    }
}
