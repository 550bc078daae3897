package org.millrace.perf.replay;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.codec.memcached.RequestView;
import org.millrace.codec.memcached.command.Family;

/** Reads requests of memcached's text protocol by the command table. */
final class MemcachedRequests implements RequestReader {
    private static final Set<String> READS = Set.of("get", "gets");
    /** What holds a version that the server makes up, or is about the server. */
    private static final Set<String> BY_NATURE = Set.of("gets", "gats", "cas", "version", "me");
    private static final Set<String> NOT_SENT = Set.of("stats", "quit");
    /** Meta flags that ask for, or depend on, a version, a time or what the server has noticed of reads. */
    private static final char[] FLAGS_BY_NATURE = {'c', 't', 'l', 'h', 'C', 'E'};

    private final RequestView view = new RequestView();
    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    @Override
    public void read(Recorded request) {
        buffer.wrap(request.request);
        view.wrap(buffer, 0, request.request.length, Integer.MAX_VALUE);
        if (view.command() == null) {
            return;
        }
        request.command = view.command().name();
        request.writes = !READS.contains(request.command);
        request.treatment = NOT_SENT.contains(request.command) ? Treatment.NOT_SENT
            : BY_NATURE.contains(request.command) || isMetaByNature() ? Treatment.BY_NATURE : Treatment.COMPARED;
        if (view.command().hasKeys()) {
            List<ByteBuffer> keys = new ArrayList<>();
            while (view.nextKey()) {
                keys.add(ByteBuffer.wrap(request.request, view.keyOffset(), view.keyLength()));
            }
            request.keys = keys;
        }
    }

    private boolean isMetaByNature() {
        if (view.command().family() != Family.META) {
            return false;
        }
        for (char flag : FLAGS_BY_NATURE) {
            if (view.hasFlag(flag)) {
                return true;
            }
        }
        return false;
    }
}
