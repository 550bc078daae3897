package org.millrace.engine.control;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongUnaryOperator;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.client.ClientHalfState;
import org.millrace.engine.client.Exchange;
import org.millrace.engine.control.admin.AdminCall;
import org.millrace.engine.control.admin.AdminCommands;
import org.millrace.engine.filter.AdminQuestion;

/** The control thread: a bounded queue of things to do, and a look at every lane once in a while. */
public final class Control implements Runnable {
    private static final int QUEUE = 8192;
    private static final long WATCH_NS = 500_000_000;

    private final ManyToOneConcurrentArrayQueue<Runnable> questions = new ManyToOneConcurrentArrayQueue<>(QUEUE);
    private final EventLog log;
    private final Thread thread;
    private volatile boolean running = true;
    private volatile List<LaneHandle> lanes = List.of();
    private volatile InfoReport info;
    private final List<LongUnaryOperator> looks = new CopyOnWriteArrayList<>();
    private final AtomicLong refused = new AtomicLong();
    private volatile boolean ready;
    private volatile AdminCommands administration;

    public Control(EventLog log) {
        this.log = log;
        thread = Thread.ofPlatform().name("millrace-control").daemon().unstarted(this);
    }

    /** Has these answer administrative commands; before the start. */
    public void administration(AdminCommands commands) {
        administration = commands;
    }

    /** Starts to watch and to answer. */
    public void start(List<LaneHandle> watched, InfoReport report) {
        lanes = watched;
        info = report;
        ready = true;
        thread.start();
    }

    /** Has somebody look at the time, who says in how many nanoseconds the next look is due at the latest. */
    public void also(LongUnaryOperator look) {
        looks.add(look);
    }

    /** Lets everybody look at the time soon. Any thread, never blocks. */
    public void wakeUp() {
        LockSupport.unpark(thread);
    }

    /** Offers something to do; false if there is too much. Any thread, never blocks. */
    public boolean offer(Runnable question) {
        boolean taken = questions.offer(question);
        if (!taken) {
            refused.incrementAndGet();
        }
        LockSupport.unpark(thread);
        return taken;
    }

    /** How often the queue was full. Any thread. */
    public long refused() {
        return refused.get();
    }

    @Override
    public void run() {
        while (running) {
            answerSome();
            watch();
            log.tellRepeats();
            long waitNs = look();
            if (questions.isEmpty()) {
                LockSupport.parkNanos(waitNs);
            }
        }
    }

    /** So many at most, however much comes meanwhile: the rest of the process is looked at too. */
    private void answerSome() {
        for (int i = 0; i < QUEUE; i++) {
            // one that is being offered counts as there before it can be had
            Runnable question = questions.poll();
            if (question == null) {
                break;
            }
            answer(question);
        }
    }

    private long look() {
        long waitNs = WATCH_NS;
        for (LongUnaryOperator each : looks) {
            try {
                waitNs = Math.min(waitNs, each.applyAsLong(System.nanoTime()));
            } catch (RuntimeException e) {
                log.error("control thread", e);
            }
        }
        return waitNs;
    }

    private void answer(Runnable question) {
        try {
            question.run();
        } catch (RuntimeException e) {
            log.error("control thread", e);
        }
    }

    private void watch() {
        boolean turning = true;
        long nowNs = System.nanoTime();
        for (LaneHandle lane : lanes) {
            turning &= lane.watch(nowNs, log);
        }
        ready = turning;
    }

    /** True while every lane turns. */
    public boolean isReady() {
        return ready;
    }

    /** Builds INFO and sends it to the exchange that asked. */
    void answerInfo(int lane, long exchangeId, String sections) {
        byte[] text = info.text(sections).getBytes(StandardCharsets.UTF_8);
        byte[] header = ("$" + text.length + "\r\n").getBytes(StandardCharsets.US_ASCII);
        UnsafeBuffer reply = new UnsafeBuffer(new byte[header.length + text.length + 2]);
        reply.putBytes(0, header);
        reply.putBytes(header.length, text);
        reply.putByte(reply.capacity() - 2, (byte) '\r');
        reply.putByte(reply.capacity() - 1, (byte) '\n');
        answer(lane, exchangeId, reply);
    }

    /** Sends what INFO tells as statistics of memcached to the exchange that asked. */
    void answerStats(int lane, long exchangeId) {
        answer(lane, exchangeId, new UnsafeBuffer(info.statistics().getBytes(StandardCharsets.UTF_8)));
    }

    /** Has an administrative command answered, now or when what it asks for is known. */
    void answerAdmin(AdminQuestion question) {
        administration.answer(new AdminCall(question,
            (asked, reply, close) -> answer(asked.lane(), asked.exchangeId(), reply, close)));
    }

    private void answer(int lane, long exchangeId, DirectBuffer reply) {
        answer(lane, exchangeId, reply, false);
    }

    private void answer(int lane, long exchangeId, DirectBuffer reply, boolean close) {
        LaneHandle asked = lanes.get(lane);
        Runnable answer = () -> {
            ClientHalfState state = asked.lane().client().state();
            Exchange exchange = state.exchanges().find(exchangeId);
            if (exchange != null) {
                if (close) {
                    exchange.closeAfter();
                    exchange.client().leave();
                    state.life().stopReading(exchange.client());
                }
                state.order().reply(exchange, reply, 0, reply.capacity());
            }
        };
        while (!asked.commands().offer(answer) && running) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Ends the thread. */
    public void stop() throws InterruptedException {
        running = false;
        LockSupport.unpark(thread);
        thread.join();
        Runnable question = questions.poll();
        while (question != null) {
            answer(question);
            question = questions.poll();
        }
    }
}
