package org.millrace.perf.pressure;

import java.util.List;
import org.millrace.perf.client.Framing;
import org.millrace.perf.client.ReplyCursor;
import org.millrace.perf.client.RequestWriter;
import org.millrace.perf.client.RespReplyFramer;
import org.millrace.perf.load.Mixer;

/** {@code PING}, {@code GET}, {@code SET}, {@code MGET} and {@code MSET}. */
final class RedisTalk implements ChaosTalk {
    private final ReplyCursor cursor = new ReplyCursor();

    @Override
    public Framing framing() {
        return new RespReplyFramer();
    }

    @Override
    public ChaosRequest next(List<ChaosKey> keys, Mixer random, RequestWriter out, long nowNs) {
        int dice = random.nextInt(100);
        if (dice < 5) {
            out.array(1).bulk("PING");
            return ChaosRequest.read("PING", List.of(), nowNs, this::isPong);
        } else if (dice < 45) {
            ChaosKey key = ChaosTalk.any(keys, random);
            out.array(2).bulk("GET").bulk(key.name());
            return ChaosRequest.read("GET", List.of(key), nowNs, this::isValue);
        } else if (dice < 75) {
            out.array(3).bulk("SET");
            return write("SET", List.of(ChaosTalk.any(keys, random)), out, nowNs);
        }
        List<ChaosKey> several = ChaosTalk.three(keys, random);
        if (dice < 88 || several.stream().distinct().count() < several.size()) {
            out.array(1 + several.size()).bulk("MGET");
            several.forEach(key -> out.bulk(key.name()));
            return ChaosRequest.read("MGET", several, nowNs, this::areValues);
        }
        out.array(1 + 2 * several.size()).bulk("MSET");
        return write("MSET", several, out, nowNs);
    }

    private ChaosRequest write(String name, List<ChaosKey> keys, RequestWriter out, long nowNs) {
        ChaosRequest request = ChaosRequest.write(name, keys, nowNs, this::isOk);
        for (int i = 0; i < keys.size(); i++) {
            out.bulk(keys.get(i).name()).bulk(request.value(i));
        }
        return request;
    }

    @Override
    public String error(byte[] b, int from, int to) {
        cursor.wrap(b, from).next();
        return cursor.type() == '-' ? cursor.text() : null;
    }

    private boolean isPong(ChaosRequest request, byte[] b, int from, int to) {
        cursor.wrap(b, from).next();
        return cursor.type() == '+' && cursor.text().equals("PONG");
    }

    private boolean isOk(ChaosRequest request, byte[] b, int from, int to) {
        request.onWritten();
        cursor.wrap(b, from).next();
        return cursor.type() == '+' && cursor.text().equals("OK");
    }

    private boolean isValue(ChaosRequest request, byte[] b, int from, int to) {
        cursor.wrap(b, from);
        return isNextAllowed(request.keys().getFirst());
    }

    private boolean areValues(ChaosRequest request, byte[] b, int from, int to) {
        cursor.wrap(b, from).next();
        return cursor.type() == '*' && cursor.number() == request.keys().size()
            && request.keys().stream().allMatch(this::isNextAllowed);
    }

    private boolean isNextAllowed(ChaosKey key) {
        cursor.next();
        return cursor.type() == '$' && key.allows(cursor.isNull() ? null : cursor.text());
    }
}
