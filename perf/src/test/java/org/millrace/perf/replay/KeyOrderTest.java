package org.millrace.perf.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who waits for whom. */
class KeyOrderTest {
    private final KeyOrder order = new KeyOrder();
    private final Talk first = new Talk(1, false, null);
    private final Talk second = new Talk(2, false, null);
    private final Talk third = new Talk(3, false, null);
    private final List<Talk> freed = new ArrayList<>();

    private Recorded add(Talk talk, boolean writes, String... keys) {
        Recorded request = new Recorded(talk, new byte[1], 0);
        request.writes = writes;
        request.keys = Arrays.stream(keys).map(key -> ByteBuffer.wrap(key.getBytes(StandardCharsets.US_ASCII)))
            .toList();
        order.add(request);
        return request;
    }

    private List<Talk> done(Recorded request) {
        freed.clear();
        order.done(request, freed::add);
        return List.copyOf(freed);
    }

    @Test
    void shouldLetReadersOfAKeyGoTogetherAndAWriterBehindThem() {
        Recorded write = add(first, true, "k");
        Recorded read = add(second, false, "k");
        Recorded other = add(third, false, "k");
        Recorded last = add(first, true, "k");
        assertEquals(List.of(0, 1, 1, 2), List.of(write.blockers, read.blockers, other.blockers, last.blockers));
        assertEquals(List.of(second, third), done(write));
        assertEquals(List.of(), done(other));
        assertEquals(List.of(first), done(read));
        assertEquals(List.of(), done(last));
        assertEquals(0, order.size());
    }

    @Test
    void shouldNotLetAConversationWaitForItself() {
        add(first, true, "k");
        assertEquals(0, add(first, true, "k").blockers);
        assertEquals(0, add(first, true, "a", "a").blockers);
    }

    @Test
    void shouldWaitForAllKeys() {
        Recorded a = add(first, true, "a");
        Recorded b = add(second, true, "b");
        Recorded both = add(third, false, "a", "b", "c");
        assertEquals(2, both.blockers);
        assertEquals(List.of(), done(a));
        assertEquals(List.of(third), done(b));
        done(both);
        assertEquals(0, order.size());
    }

    @Test
    void shouldKeepNothingOfManyReadersThatAreDone() {
        Recorded kept = add(first, false, "k");
        for (int i = 0; i < 10_000; i++) {
            done(add(second, false, "k"));
        }
        assertEquals(1, add(third, true, "k").blockers, "only the one that is under way");
        assertEquals(List.of(third), done(kept));
    }
}
