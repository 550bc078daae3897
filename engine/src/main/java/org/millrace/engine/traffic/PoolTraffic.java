package org.millrace.engine.traffic;

import java.util.function.IntFunction;
import org.agrona.DirectBuffer;
import org.millrace.engine.latency.HistogramRoom;

/**
 * What is sampled of a pool's traffic on a lane. There are two sets of sketches: one is filled while the control thread
 * has the other. Client half's thread, but for {@link #name}, {@link #command} and {@link #given}.
 */
public final class PoolTraffic {
    private static final long ROOM = 2 * Sketches.bytes();

    private final HistogramRoom room;
    private final String name;
    private final IntFunction<String> commands;
    private final RequestKeys keys;
    private final Sampling sampling;
    /** Null until something is recorded, and if there is no room. */
    private Sketches filled;
    private Sketches spare;
    private Sketches given;
    private boolean givenLast;
    private boolean refused;
    private boolean retired;

    PoolTraffic(HistogramRoom room, String name, IntFunction<String> commands, RequestKeys keys) {
        this.room = room;
        this.name = name;
        this.commands = commands;
        this.keys = keys;
        sampling = new Sampling(NameHash.mix(NameHash.SEED ^ System.identityHashCode(this)));
    }

    /** Another request: true if it is to be looked at, between {@link #begin} and {@link #end}. */
    public boolean isDue() {
        return sampling.isDue();
    }

    /** The number of requests that the one at hand stands for; 0 if nothing can be recorded. */
    public int begin() {
        return isOpen() ? sampling.weight() : 0;
    }

    /** The request at hand was looked at, and so many keys of it. */
    public void end(int keysSeen) {
        sampling.take(keysSeen);
    }

    /** A number from 0 up to below the bound, each as often as any other. */
    public int below(int bound) {
        return sampling.below(bound);
    }

    private boolean isOpen() {
        if (filled == null && !refused && !retired) {
            // asked once an interval while there is no room
            refused = !room.take(ROOM);
            if (!refused) {
                filled = new Sketches();
                spare = new Sketches();
            }
        }
        return filled != null;
    }

    /** How to find the keys of a request that is not plain. */
    public RequestKeys requestKeys() {
        return keys;
    }

    /** A key is asked for. */
    public void key(long hash, DirectBuffer buffer, int offset, int shown, long length, int weight) {
        filled.keys().add(hash, buffer, offset, shown, length, weight);
    }

    /** A client asks. */
    public void asks(ClientAddress client, int weight) {
        filled.askers().add(client.hash(), client.text(), 0, client.text().capacity(), client.text().capacity(),
            weight);
    }

    /** A request is answered that was followed. */
    public void replied(Sample sample, long replyBytes) {
        if (filled != null) {
            ClientAddress client = sample.client();
            long bytes = (sample.requestBytes() + replyBytes) * sample.weight();
            if (bytes > 0) {
                filled.movers().add(client.hash(), client.text(), 0, client.text().capacity(),
                    client.text().capacity(), bytes);
            }
            if (sample.hasKey()) {
                boolean reply = replyBytes > sample.requestBytes();
                filled.largest().add(sample.hash(), sample.key(), 0, sample.shown(), sample.length(),
                    Math.max(replyBytes, sample.requestBytes()), reply, sample.command());
            }
        }
    }

    /** Nothing more is recorded here: the pool is gone. */
    public void retire() {
        retired = true;
    }

    boolean isRetired() {
        return retired;
    }

    /**
     * Hands over what was recorded since the last time, which has been collected.
     *
     * @param last whether the room is given back
     */
    void flip(boolean last) {
        sampling.endInterval();
        refused = false;
        Sketches next = spare == null ? given : spare;
        spare = null;
        given = filled;
        givenLast = last || retired;
        filled = givenLast || given == null ? null : next;
    }

    /** The pool's name. Any thread. */
    public String name() {
        return name;
    }

    /** The name of a command, by its number. Any thread. */
    public String command(int number) {
        return commands.apply(number);
    }

    /** What was handed over, or null. Whoever asked, until the next flip. */
    public Sketches given() {
        return given;
    }

    /** What was handed over has been taken. Whoever asked. */
    void taken() {
        if (given != null) {
            given.reset();
            if (givenLast) {
                room.giveBack(ROOM);
                given = null;
            }
        }
    }
}
