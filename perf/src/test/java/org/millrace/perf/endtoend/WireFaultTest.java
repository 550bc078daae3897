package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.millrace.engine.count.ServerCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.perf.fault.FaultPort;
import org.millrace.perf.fault.WireFaults;
import org.millrace.perf.server.LocalRedis;

/**
 * What a network and a dying server can do to a connection, one fault after the other, under a steady load: every
 * request is answered, by its own reply or by the right error, and nobody else notices.
 */
@Timeout(120)
@Tag("faults")
class WireFaultTest {
    private static final String UNKNOWN = "-ERR unknown";
    private static final String RESET = "-ERR Connection reset by peer";
    private static final String BROKEN_PIPE = "-ERR Broken pipe";
    private static final String REFUSED = "-ERR Connection refused";
    private static final String TIMED_OUT = "-ERR Connection timed out";
    private static final String INVALID = "-ERR Invalid argument";
    private static final int SILENCE_MS = 2_000;
    private static final int BESIDES = 300;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static LocalRedis victim;
    private static LocalRedis second;
    private static LocalRedis third;

    /** What happens, what requests to the victim get meanwhile, and what is counted. */
    enum Case {
        REFUSE(Set.of(REFUSED, RESET, BROKEN_PIPE), ServerCounter.SERVER_ERR) {
            @Override
            void begin(FaultPort port) throws IOException {
                port.refuse();
                port.reset();
            }
        },
        HANG_UP(Set.of(UNKNOWN, TIMED_OUT), ServerCounter.SERVER_EOF) {
            @Override
            void begin(FaultPort port) {
                port.hangUp();
                port.hangUpAll();
            }
        },
        HANG_UP_WITH_RESET(Set.of(RESET, BROKEN_PIPE, TIMED_OUT), ServerCounter.SERVER_ERR) {
            @Override
            void begin(FaultPort port) {
                port.hangUpWithReset();
                port.reset();
            }
        },
        RESET_AT_ONCE(Set.of(RESET, BROKEN_PIPE), ServerCounter.SERVER_ERR) {
            @Override
            void begin(FaultPort port) {
                port.reset();
            }
        },
        RESET_IN_REPLIES(Set.of(RESET, BROKEN_PIPE), ServerCounter.SERVER_ERR) {
            @Override
            void begin(FaultPort port) {
                port.repliesOnce(WireFaults.resetAfter(1003));
            }
        },
        CLOSE_IN_REPLIES(Set.of(UNKNOWN), ServerCounter.SERVER_EOF) {
            @Override
            void begin(FaultPort port) {
                port.repliesOnce(WireFaults.closeAfter(1003));
            }
        },
        CUT_REPLY(Set.of(UNKNOWN), ServerCounter.SERVER_EOF) {
            @Override
            void begin(FaultPort port) {
                port.repliesOnce(WireFaults.cutReply(50, 4));
            }
        },
        HALF_CLOSE_OF_REPLIES(Set.of(UNKNOWN), ServerCounter.SERVER_EOF) {
            @Override
            void begin(FaultPort port) {
                port.repliesOnce(WireFaults.halfCloseAfter(1003));
            }
        },
        GARBAGE(Set.of(INVALID), ServerCounter.SERVER_ERR) {
            @Override
            void begin(FaultPort port) {
                port.repliesOnce(WireFaults.garbage(20, 0, 7));
            }
        },
        GARBAGE_AS_LENGTH(Set.of(INVALID), ServerCounter.SERVER_ERR) {
            @Override
            void begin(FaultPort port) {
                port.repliesOnce(WireFaults.replaceReply(20, Resp.bytes("$1x\r\n")));
            }
        },
        SLOW_BYTES(Set.of(TIMED_OUT), null) {
            @Override
            void begin(FaultPort port) {
                port.replies(WireFaults.DRIP);
                port.requests(WireFaults.DRIP);
            }
        },
        DELAY(Set.of(TIMED_OUT), null) {
            @Override
            void begin(FaultPort port) {
                port.replies(WireFaults.delay(20));
            }
        },
        BLACK_HOLE_OF_REQUESTS(Set.of(TIMED_OUT), ServerCounter.SERVER_TIMEDOUT) {
            @Override
            void begin(FaultPort port) {
                port.requests(WireFaults.BLACK_HOLE);
            }
        },
        BLACK_HOLE_OF_REPLIES(Set.of(TIMED_OUT), ServerCounter.SERVER_TIMEDOUT) {
            @Override
            void begin(FaultPort port) {
                port.replies(WireFaults.BLACK_HOLE);
            }
        },
        PAUSE(Set.of(TIMED_OUT), null) {
            @Override
            void begin(FaultPort port) {
                port.replies(WireFaults.PAUSE);
            }
        };

        private final Set<String> texts;
        private final ServerCounter counted;

        /**
         * @param texts   of errors
         * @param counted how links end, or null if they must not
         */
        Case(Set<String> texts, ServerCounter counted) {
            this.texts = texts;
            this.counted = counted;
        }

        abstract void begin(FaultPort port) throws IOException;
    }

    static Stream<Arguments> cases() {
        return Stream.of(LaneKind.values()).flatMap(kind ->
            Arrays.stream(Case.values()).map(fault -> Arguments.of(kind, fault)));
    }

    @BeforeAll
    static void startServers() throws IOException {
        victim = LocalRedis.start();
        second = LocalRedis.start();
        third = LocalRedis.start();
    }

    @AfterAll
    static void stopServers() {
        victim.close();
        second.close();
        third.close();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldHarmNobodyElseAndBeWholeAgain(LaneKind kind, Case fault) throws Exception {
        boolean linkMustLive = fault.counted == null;
        try (FaultPort port = FaultPort.before(victim.address());
            FaultKit kit = new FaultKit(kind, port.port(), second, third, false, linkMustLive ? 30_000 : SILENCE_MS)) {
            long linksBefore = kit.servers(ServerHalfCounter.LINKS_OPENED);
            long strikesBefore = port.replyStrikes().get() + port.requestStrikes().get();
            fault.begin(port);
            kit.load().awaitProgressBesides(BESIDES);
            if (linkMustLive) {
                Await.until(() -> "a strike; " + kit.load().state(), LIMIT,
                    () -> port.replyStrikes().get() + port.requestStrikes().get() > strikesBefore);
                if (fault == Case.PAUSE) {
                    kit.load().awaitError();
                }
            } else {
                if (fault != Case.RESET_AT_ONCE) {
                    // which may come when nothing is in flight
                    kit.load().awaitError();
                }
                Await.until(() -> "the end of a link; " + kit.load().state(), LIMIT,
                    () -> kit.victim(fault.counted) > 0);
            }
            port.heal();
            kit.finish(fault.texts);
            if (linkMustLive) {
                assertEquals(linksBefore, kit.servers(ServerHalfCounter.LINKS_OPENED), "links opened");
            } else {
                long opened = kit.servers(ServerHalfCounter.LINKS_OPENED);
                assertTrue(opened > linksBefore);
                assertEquals(opened - linksBefore + kit.servers(ServerHalfCounter.LINKS_REFUSED),
                    kit.victim(ServerCounter.SERVER_EOF) + kit.victim(ServerCounter.SERVER_ERR)
                    + kit.victim(ServerCounter.SERVER_TIMEDOUT), "ends of links");
            }
        }
    }
}
