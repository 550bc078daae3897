package org.millrace.engine.memcached;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.io.CloseCause;

/**
 * Whatever clients and servers send, no stage fails, nothing is left behind, and who is not meant notices nothing. The
 * harness looks for faults and leftovers when it is closed.
 */
@Tag("faults")
class DamageTest {
    private static final int SEEDS = 300;
    private static final String[] REPLIES = {"STORED\r\n", "END\r\n", "VALUE k0 0 2\r\nab\r\nEND\r\n", "HD\r\n",
        "OK\r\n", "STAT a 1\r\nSTAT b 2.5\r\nEND\r\n", "NOT_FOUND\r\n", "7\r\n", "SERVER_ERROR x\r\n", "ERROR\r\n"};

    private static String damaged(String wire, Random random) {
        StringBuilder text = new StringBuilder(wire);
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(256));
                case 1 -> text.deleteCharAt(at);
                default -> text.insert(at, "\r\n \0q".charAt(random.nextInt(5)));
            }
        }
        return text.toString();
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSurviveAnyDamage(LaneMode mode) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            try (LaneHarness lane = RequestsTest.pool(3).start(mode)) {
                FakeConnection client = lane.connect();
                FakeConnection other = lane.connect();
                String keys = lane.keyOn(0) + ' ' + lane.keyOn(1) + ' ' + lane.keyOn(2);
                String request = "set " + lane.keyOn(0) + " 0 0 5 noreply\r\nhello\r\nget " + keys + "\r\nstats\r\nmg "
                    + lane.keyOn(1) + " v q\r\nflush_all\r\ngats 9 " + keys + "\r\nincr " + lane.keyOn(2) + " 1\r\n";
                client.deliverInPieces(damaged(request, random), 1 + random.nextInt(60));
                lane.settle();
                for (int server = 0; server < 3; server++) {
                    for (int i = random.nextInt(12); i > 0 && lane.server(server).attempts() > 0
                        && lane.server(server).link().isOpen(); i--) {
                        String reply = REPLIES[random.nextInt(REPLIES.length)];
                        lane.server(server).link().deliverInPieces(
                            random.nextInt(3) == 0 ? damaged(reply, random) : reply, 1 + random.nextInt(20));
                        lane.settle();
                    }
                }
                for (int server = 0; server < 3; server++) {
                    if (lane.server(server).attempts() > 0) {
                        lane.server(server).link().end(CloseCause.PEER_CLOSED);
                    }
                }
                lane.settle();
                lane.after(60_000);
                lane.send(other, "get " + lane.keyOn(1) + "\r\n");
                assertEquals("get " + lane.keyOn(1) + "\r\n", lane.server(1).link().take(), "seed " + seed);
                lane.reply(1, "END\r\n");
                assertEquals("END\r\n", other.take(), "seed " + seed);
                assertTrue(other.isOpen());
            }
        }
    }
}
