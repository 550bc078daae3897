package org.millrace.perf.replay;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Who waits for whom: a request that writes a key waits for all before it about that key, one that reads it for the
 * last that wrote it. Those of the same conversation need not wait, they go the same way. Waiting goes back in time
 * only, so nobody waits in a circle.
 */
final class KeyOrder {
    private static final int READS_PRUNED_AT = 64;

    private final Map<ByteBuffer, Line> lines = new HashMap<>();

    /** What is under way about a key. */
    private static final class Line {
        private int pending;
        private Recorded lastWrite;
        private List<Recorded> reads = new ArrayList<>(2);
        private int pruneAt = READS_PRUNED_AT;
    }

    /** A request comes, behind all that came before. */
    void add(Recorded request) {
        for (ByteBuffer key : request.keys) {
            Line line = lines.computeIfAbsent(key, any -> new Line());
            line.pending++;
            await(request, line.lastWrite);
            if (request.writes) {
                line.reads.forEach(read -> await(request, read));
                line.reads = new ArrayList<>(2);
                line.lastWrite = request;
            } else {
                if (line.reads.size() >= line.pruneAt) {
                    line.reads.removeIf(read -> read.done);
                    line.pruneAt = Math.max(READS_PRUNED_AT, line.reads.size() * 2);
                }
                line.reads.add(request);
            }
        }
    }

    private static void await(Recorded request, Recorded before) {
        if (before != null && before != request && !before.done && before.talk != request.talk) {
            before.dependents.add(request);
            request.blockers++;
        }
    }

    /** A request is answered, or will never be asked: those that waited for nothing else may go. */
    void done(Recorded request, Consumer<Talk> freed) {
        request.done = true;
        for (Recorded dependent : request.dependents) {
            if (--dependent.blockers == 0) {
                freed.accept(dependent.talk);
            }
        }
        request.dependents.clear();
        for (ByteBuffer key : request.keys) {
            Line line = lines.get(key);
            if (--line.pending == 0) {
                lines.remove(key);
            }
        }
    }

    /** Keys about which something is under way. */
    int size() {
        return lines.size();
    }
}
