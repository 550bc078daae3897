package org.millrace.engine.sim;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What a simulated client of a memcached pool takes for right, and that it finds each wrong reply. */
class MemcachedTalkTest {
    private static final String SET = "set a 5 0 2\r\na;\r\n";
    private static final String FAILURE = "SERVER_ERROR Connection refused\r\n";

    private Simulation simulation;
    private MemcachedTalk talk;

    private void begin(Predicate<Scenario> kind) {
        long seed = 1;
        while (!kind.test(new Scenario(seed)) || !new Scenario(seed).memcached) {
            seed++;
        }
        simulation = new Simulation(new Scenario(seed), false);
        talk = new MemcachedTalk(simulation, new Random(1), "client 0", "c0");
    }

    private void ask(String... requests) {
        for (String request : requests) {
            String[] lines = request.split("\r\n", -1);
            String data = request.startsWith("set") || request.startsWith("ms") || request.startsWith("add")
                || request.startsWith("cas") ? lines[1] : null;
            talk.ask(request.equals("mn\r\n") ? MemcachedRequest.exact(request, "MN")
                : MemcachedRequest.forwarded(List.of(lines[0].split(" ")), data));
        }
    }

    /** To requests that have been asked for in a run whose servers are well. */
    private void shouldTake(String replies, String... requests) {
        begin(scenario -> !scenario.serversFail());
        ask(requests);
        get(replies);
        assertDoesNotThrow(() -> simulation.findings.throwIfAny(""), replies);
        assertEquals(0, talk.awaited());
    }

    private void shouldFindWrong(String what, String replies, String... requests) {
        begin(scenario -> !scenario.serversFail());
        ask(requests);
        get(replies);
        found(what);
    }

    private void get(String replies) {
        Bytes bytes = new Bytes();
        bytes.add(replies);
        while (talk.take(bytes)) {
            assertTrue(bytes.size() >= 0);
        }
        assertEquals(0, bytes.size(), "taken whole");
    }

    private void found(String what) {
        AssertionError error = assertThrows(AssertionError.class, () -> simulation.findings.throwIfAny(""));
        assertTrue(error.getMessage().contains(what), error.getMessage());
    }

    @Test
    void shouldCheckTheValuesOfAMultiGetAndTheirOrder() {
        String setB = "set b 5 0 2\r\nb;\r\n";
        String a = "VALUE a 2 2\r\na;\r\n";
        String b = "VALUE b 2 2\r\nb;\r\n";
        shouldTake("STORED\r\nSTORED\r\n" + a + b + a + "END\r\n", SET, setB, "get a x b a\r\n");
        shouldFindWrong("was not asked for, or not then", "STORED\r\nSTORED\r\n" + b + a + "END\r\n", SET, setB,
            "get x b\r\n");
        shouldFindWrong("a: not found, but it is a;", "STORED\r\nSTORED\r\n" + b + a + "END\r\n", SET, setB,
            "get a b\r\n");
        shouldFindWrong("b: not found, but it is b;", "STORED\r\nSTORED\r\n" + a + "END\r\n", SET, setB,
            "get a b\r\n");
        shouldFindWrong("did not ask for: END", "STORED\r\nSTORED\r\n" + a + b + "END\r\nEND\r\n", SET, setB,
            "get a b\r\n");
        shouldFindWrong("flags 3", "STORED\r\nVALUE a 3 2\r\na;\r\nEND\r\n", SET, "get a\r\n");
        shouldFindWrong("a number too many", "STORED\r\nVALUE a 2 2 7\r\na;\r\nEND\r\n", SET, "get a\r\n");
        shouldFindWrong("of another key", "STORED\r\nVALUE a 2 2\r\nb;\r\nEND\r\n", SET, "get a\r\n");
        shouldFindWrong("no END", "ERROR\r\n", "get a\r\n");
    }

    @Test
    void shouldCheckOutcomes() {
        shouldTake("STORED\r\nNOT_STORED\r\nDELETED\r\nNOT_FOUND\r\n", SET, "add a 5 0 2\r\nb;\r\n", "delete a\r\n",
            "touch a 1\r\n");
        shouldFindWrong("it has no condition", "NOT_STORED\r\n", SET);
        shouldFindWrong("it is a;", "STORED\r\nSTORED\r\n", SET, "add a 5 0 2\r\nb;\r\n");
        shouldFindWrong("nothing is there", "DELETED\r\n", "delete a\r\n");
        shouldFindWrong("not touched, but it is", "STORED\r\nNOT_FOUND\r\n", SET, "touch a 1\r\n");
        shouldFindWrong("incr of 5", "STORED\r\n7\r\n", "set n 0 0 1\r\n5\r\n", "incr n 1\r\n");
        shouldFindWrong("its number is 9", "STORED\r\nVALUE a 2 2 9\r\na;\r\nEND\r\nSTORED\r\n", SET, "gets a\r\n",
            "cas a 5 0 2 8\r\nb;\r\n");
        shouldFindWrong("its number is the same", "STORED\r\nVALUE a 2 2 9\r\na;\r\nEND\r\nEXISTS\r\n", SET,
            "gets a\r\n", "cas a 5 0 2 9\r\nb;\r\n");
        shouldFindWrong("no such reply", "HD\r\n", "touch a 1\r\n");
    }

    @Test
    void shouldCheckThatNoreplyIsExecutedAndNotAnswered() {
        shouldTake("VALUE a 2 2\r\na;\r\nEND\r\n", "set a 5 0 2 noreply\r\na;\r\n", "get a\r\n");
        shouldTake("VALUE a 2 2 9\r\na;\r\nEND\r\nVALUE a 2 2 10\r\nc;\r\nEND\r\n", "set a 5 0 2 noreply\r\na;\r\n",
            "gets a\r\n", "add a 5 0 2 noreply\r\nb;\r\n", "cas a 5 0 2 9 noreply\r\nc;\r\n", "gets a\r\n");
        shouldFindWrong("did not ask for: STORED", "STORED\r\n", "set a 5 0 2 noreply\r\na;\r\n");
        shouldFindWrong("a: not found", "END\r\n", "set a 5 0 2 noreply\r\na;\r\n", "get a\r\n");
        shouldFindWrong("no END", "STORED\r\nEND\r\n", "set a 5 0 2 noreply\r\na;\r\n", "get a\r\n");
    }

    @Test
    void shouldCheckQuietRuns() {
        String set = "ms a 2 F2 O1 q\r\na;\r\n";
        shouldTake("VA 2 f2 O2\r\na;\r\nMN\r\n", set, "mg a v f O2 q\r\n", "mg x v O3 q\r\n", "mn\r\n");
        shouldFindWrong("it was kept quiet about, but it is a;", "MN\r\n", set, "mg a v O2 q\r\n", "mn\r\n");
        shouldFindWrong("to be kept quiet", "HD O1\r\nMN\r\n", set, "mn\r\n");
        shouldFindWrong("expected MN", "EN\r\n", "mg a v O2 q\r\n", "mn\r\n");
        shouldFindWrong("nothing is there", "MN\r\n", "md a O1 q\r\n", "mn\r\n");
        shouldFindWrong("expected MN", "VA 2 O3\r\na;\r\n", set, "mg a v O2 q\r\n", "mn\r\n");
        shouldFindWrong("another key", "HD\r\nVA 2 kb O2\r\na;\r\nMN\r\n", "ms a 2 F2\r\na;\r\n", "mg a v k O2 q\r\n",
            "mn\r\n");
        shouldFindWrong("another opaque", "HD O4\r\n", "ms a 2 F2 O3\r\na;\r\n");
        shouldFindWrong("no such failure was to be expected", FAILURE + "MN\r\n", set, "mn\r\n");
    }

    @Test
    void shouldAllowAsManyFailuresOfAQuietRunAsItHasRequests() {
        String set = "ms a 2 F2 O1 q\r\na;\r\n";
        for (String value : List.of("END\r\n", "VALUE a 2 2\r\na;\r\nEND\r\n")) {
            begin(scenario -> scenario.serversFail() && scenario.serverStray == 0);
            ask(set, "mg a v O2 q\r\n", "mn\r\n", "get a\r\n");
            get(FAILURE + FAILURE + "MN\r\n" + value);
            assertDoesNotThrow(() -> simulation.findings.throwIfAny(""));
        }
        get("END\r\n");
        found("did not ask for");
        begin(scenario -> scenario.serversFail() && scenario.serverStray == 0);
        ask(set, "mn\r\n");
        get(FAILURE + FAILURE + "MN\r\n");
        found("has failed more often");
    }
}
