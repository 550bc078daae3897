package org.millrace.engine.control.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.millrace.engine.control.EventLog;
import org.millrace.engine.control.LaneHandle;
import org.millrace.engine.control.Totals;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.filter.AdminQuestion;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;

/** The limits of CLIENT LIST and CLIENT KILL. */
class ClientCommandsTest {
    private static final String BUSY = "-ERR the lanes have too much to do, ask again\r\n";

    private final List<String> answers = new ArrayList<>();

    private AdminCommands commands(LaneHarness lane, Predicate<Runnable> control, int listedMax) {
        List<LaneHandle> lanes = List.of(new LaneHandle(lane.lane(), lane.commands(), List.of(),
            List.of(lane.transport())));
        EventLog log = new EventLog(new ByteArrayOutputStream());
        AdminCommands commands = new AdminCommands(log);
        new ClientCommands(lanes, new Totals(lanes), control, log, listedMax).register(commands);
        return commands;
    }

    private static boolean atOnce(Runnable task) {
        task.run();
        return true;
    }

    private AdminCall call(String command, String... words) {
        List<byte[]> bytes = new ArrayList<>();
        for (String word : words) {
            bytes.add(word.getBytes(StandardCharsets.UTF_8));
        }
        return new AdminCall(new AdminQuestion(0, 1, 0, 1, command, bytes),
            (asked, reply, close) -> answers.add(reply.getStringWithoutLengthUtf8(0, reply.capacity())));
    }

    @Test
    void shouldListSoManyClientsAtMostAndTellAndCountTheOthers() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            for (int i = 0; i < 50; i++) {
                lane.connect();
            }
            AdminCommands commands = commands(lane, ClientCommandsTest::atOnce, 30);
            commands.answer(call("client|list"));
            lane.settle();

            assertEquals(1, answers.size());
            assertEquals(30, answers.getFirst().lines().filter(line -> line.startsWith("id=")).count());
            assertTrue(answers.getFirst().endsWith("\nmore=20\n\r\n"), answers.getFirst());
            assertEquals(20, lane.count(ClientHalfCounter.CLIENT_LIST_CUT));
        }
    }

    @Test
    void shouldSeeAllClientsThoughSomeAreClosedMeanwhile() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            for (int i = 0; i < 100; i++) {
                lane.connect();
            }
            AdminCommands commands = commands(lane, ClientCommandsTest::atOnce, 1000);
            commands.answer(call("client|kill", "type", "normal", "skipme", "yes"));
            lane.settle();

            assertEquals(List.of(":100\r\n"), answers);
            assertEquals(100, lane.count(ClientHalfCounter.CLOSED_BY_KILL));
            assertEquals(0, lane.count(ClientHalfCounter.CLIENTS));
        }
    }

    @Test
    void shouldRefuseTheWalkThatIsOneTooMany() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            AdminCommands commands = commands(lane, ClientCommandsTest::atOnce, 1000);
            for (int i = 0; i < ClientCommands.WALKS_MAX; i++) {
                commands.answer(call("client|list"));
            }
            assertEquals(List.of(), answers);
            commands.answer(call("client|list"));
            assertEquals(List.of(BUSY), answers);
            lane.settle();
            assertEquals(1 + ClientCommands.WALKS_MAX, answers.size());
            commands.answer(call("client|list"));
            lane.settle();
            assertEquals("$0\r\n\r\n", answers.getLast());
        }
    }

    @Test
    void shouldSaySoWhenALaneOrTheControlThreadHasTooMuchToDo() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            commands(lane, task -> false, 1000).answer(call("client|list"));
            lane.settle();
            assertEquals(List.of(BUSY), answers);

            boolean taken = true;
            while (taken) {
                taken = lane.commands().offer(() -> answers.size());
            }
            commands(lane, ClientCommandsTest::atOnce, 1000).answer(call("client|kill", "id", "5"));
            assertEquals(List.of(BUSY, BUSY), answers);
            lane.settle();
        }
    }
}
