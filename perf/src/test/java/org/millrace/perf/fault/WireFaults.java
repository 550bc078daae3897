package org.millrace.perf.fault;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.millrace.perf.load.Mixer;

/**
 * The faults of a wire. Those that strike once, at a place of the stream that is counted from when they are set, leave
 * a wire behind that is well again (if there still is one), and are counted by the {@link FaultPort}.
 */
public final class WireFaults {
    /** None. */
    public static final WireFault NONE = (wire, bytes, from, to) -> {
        wire.write(bytes, from, to);
        return true;
    };
    /** A black hole: bytes are taken and go nowhere. A wire that has lost some stays one, whatever is set later. */
    public static final WireFault BLACK_HOLE = (wire, bytes, from, to) -> {
        wire.lose();
        wire.strike();
        return true;
    };
    /** Nothing passes; it waits until another fault, or none, is set. */
    public static final WireFault PAUSE = (wire, bytes, from, to) -> {
        wire.strike();
        wire.awaitChange(TimeUnit.HOURS.toNanos(1));
        return false;
    };
    /** Each byte is sent alone. */
    public static final WireFault DRIP = (wire, bytes, from, to) -> {
        for (int i = from; i < to; i++) {
            wire.write(bytes, i, i + 1);
        }
        wire.strike();
        return true;
    };

    private WireFaults() {
    }

    /** Each batch of bytes comes so much later. */
    public static WireFault delay(long delayMs) {
        return (wire, bytes, from, to) -> {
            wire.awaitChange(TimeUnit.MILLISECONDS.toNanos(delayMs));
            wire.write(bytes, from, to);
            wire.strike();
            return true;
        };
    }

    /** After so many bytes the connection is reset, in both directions and on both sides. */
    public static WireFault resetAfter(long bytes) {
        return new AfterBytes(bytes, Wire::reset);
    }

    /** After so many bytes the connection is closed in good order. */
    public static WireFault closeAfter(long bytes) {
        return new AfterBytes(bytes, Wire::close);
    }

    /** After so many bytes this direction ends in good order; the other one goes on. */
    public static WireFault halfCloseAfter(long bytes) {
        return new AfterBytes(bytes, Wire::halfClose);
    }

    /** So many replies pass; of the next one only so many bytes, never all, then the connection is closed. */
    public static WireFault cutReply(int passing, int bytes) {
        return new AtReply(passing, (wire, reply, from, to) -> {
            wire.write(reply, from, Math.min(from + bytes, to - 1));
            wire.close();
        });
    }

    /** So many replies pass; the next one is lost. */
    public static WireFault swallowReply(int passing) {
        return new AtReply(passing, (wire, reply, from, to) -> { });
    }

    /** So many replies pass; the next one comes twice. */
    public static WireFault duplicateReply(int passing) {
        return new AtReply(passing, (wire, reply, from, to) -> {
            wire.write(reply, from, to);
            wire.write(reply, from, to);
        });
    }

    /** So many replies pass; these bytes come in place of the next one. */
    public static WireFault replaceReply(int passing, byte[] other) {
        return new AtReply(passing, (wire, reply, from, to) -> wire.write(other, 0, other.length));
    }

    /**
     * So many replies pass; of the next one all bytes are replaced but the first {@code kept}. The garbage has no bytes
     * that stand for something in RESP, so that it cannot be taken for a reply by chance.
     */
    public static WireFault garbage(int passing, int kept, long seed) {
        Mixer random = new Mixer(seed);
        return new AtReply(passing, (wire, reply, from, to) -> {
            byte[] garbage = new byte[to - from];
            System.arraycopy(reply, from, garbage, 0, Math.min(kept, garbage.length));
            for (int i = kept; i < garbage.length; i++) {
                garbage[i] = (byte) random.between(0x80, 0xFF);
            }
            wire.write(garbage, 0, garbage.length);
        });
    }

    /** What a fault does at its place. */
    @FunctionalInterface
    private interface Action {
        void run(Wire wire) throws IOException;
    }

    /** What a fault does with one reply. */
    @FunctionalInterface
    private interface ReplyAction {
        void run(Wire wire, byte[] bytes, int from, int to) throws IOException;
    }

    /** Strikes between two bytes. */
    private static final class AfterBytes implements WireFault {
        private final Action action;
        private long left;

        AfterBytes(long bytes, Action action) {
            left = bytes;
            this.action = action;
        }

        @Override
        public boolean pass(Wire wire, byte[] bytes, int from, int to) throws IOException {
            int count = (int) Math.min(left, to - from);
            wire.write(bytes, from, from + count);
            left -= count;
            if (left == 0) {
                wire.strikeOnce(this);
                action.run(wire);
            }
            return true;
        }
    }

    /** Strikes at a reply. */
    private static final class AtReply implements WireFault {
        private final ReplyAction action;
        private int passing;

        AtReply(int passing, ReplyAction action) {
            this.passing = passing;
            this.action = action;
        }

        @Override
        public boolean pass(Wire wire, byte[] bytes, int from, int to) throws IOException {
            int at = from;
            while (at < to && passing > 0) {
                at = wire.replyEnd(bytes, at, to);
                passing--;
            }
            wire.write(bytes, from, at);
            if (at < to) {
                int end = wire.replyEnd(bytes, at, to);
                wire.strikeOnce(this);
                action.run(wire, bytes, at, end);
                if (end < to) {
                    wire.write(bytes, end, to);
                }
            }
            return true;
        }
    }
}
