package org.millrace.engine.sim;

import java.util.Random;
import org.millrace.engine.client.ClosingAudit;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.io.CloseCause;
import org.millrace.io.ConnectionHandler;
import org.millrace.io.Segment;
import org.millrace.io.sim.SimConnection;

/**
 * One connection of a simulated client: sends pipelines in pieces, knows what each reply must be, and why the proxy may
 * close it.
 */
final class SimClient implements ConnectionHandler {
    private final Simulation simulation;
    private final Scenario scenario;
    private final Random random;
    private final String who;
    private final ClientTalk talk;
    private final Bytes unsent = new Bytes();
    private final Bytes received = new Bytes();
    private final SimConnection connection;
    private int budget;
    private long slowUntilNs;
    private boolean wasSlow;
    /** Stops sending, in the middle of something or not. */
    private long silentUntilNs;
    private boolean wasSilent;
    /** Sends no further request. */
    private boolean lastSent;
    /** What it has sent behind its last request. */
    private boolean sentTooMuch;
    private boolean halfCloses;
    private boolean outputShut;
    private boolean leaving;
    private boolean closed;

    SimClient(Simulation simulation, int number, Random random) {
        this.simulation = simulation;
        this.scenario = simulation.scenario;
        this.random = random;
        this.budget = scenario.requestsPerClient;
        who = "client " + number;
        talk = scenario.memcached ? new MemcachedTalk(simulation, random, who, "c" + number)
            : new RespTalk(simulation, random, who, "c" + number);
        connection = (SimConnection) simulation.clientHost.connect(LaneUnderTest.LISTEN, this);
        unsent.add(talk.greeting());
    }

    boolean isClosed() {
        return closed;
    }

    /** Has sent all it wanted to and has got all its replies. */
    boolean isDone() {
        return closed || budget == 0 && talk.awaited() == 0 && unsent.size() == 0 && !lastSent && !leaving;
    }

    void step() {
        if (closed || leaving) {
            return;
        }
        pauseOrResume();
        if (!lastSent && budget > 0 && talk.awaited() < scenario.depth && random.nextInt(3) != 0) {
            for (int i = random.nextInt(scenario.depth); i >= 0 && budget > 0 && !lastSent; i--) {
                askNext();
            }
        }
        send();
        if (simulation.draw(random, scenario.clientReset)) {
            leave(random.nextBoolean());
        }
    }

    private void pauseOrResume() {
        if (slowUntilNs > 0 && simulation.network.nowNs() >= slowUntilNs) {
            slowUntilNs = 0;
            connection.resumeReads();
        } else if (slowUntilNs == 0 && simulation.draw(random, scenario.slowReader)) {
            slowUntilNs = simulation.draw(random, scenario.mute) ? Long.MAX_VALUE
                : simulation.network.nowNs() + 1 + random.nextInt(200_000_000);
            wasSlow = true;
            connection.pauseReads();
        }
    }

    /** Faults end: reads on. */
    void endFaults() {
        slowUntilNs = Math.min(slowUntilNs, simulation.network.nowNs());
        silentUntilNs = 0;
        if (closed || slowUntilNs == 0) {
            slowUntilNs = 0;
        }
    }

    private void askNext() {
        budget--;
        if (simulation.draw(random, scenario.broken)) {
            lastSent = true;
            unsent.add(talk.broken());
            return;
        }
        if (simulation.draw(random, scenario.quit)) {
            lastSent = true;
            unsent.add(talk.quit());
            if (random.nextInt(4) == 0) {
                sentTooMuch = true;
                unsent.add(talk.tooMuch());
            }
            return;
        }
        unsent.add(talk.next());
        if (simulation.draw(random, scenario.halfClose)) {
            lastSent = true;
            halfCloses = true;
        }
    }

    private void send() {
        if (silentUntilNs > 0 && simulation.network.nowNs() < silentUntilNs) {
            return;
        }
        if (unsent.size() > 0 && simulation.draw(random, scenario.halfSent)) {
            wasSilent = true;
            silentUntilNs = random.nextInt(3) == 0 ? Long.MAX_VALUE
                : simulation.network.nowNs() + random.nextInt(800_000_000);
            return;
        }
        if (unsent.size() > 0 && random.nextInt(4) != 0) {
            int most = random.nextBoolean() ? unsent.size() : Math.min(unsent.size(), 100);
            int length = 1 + random.nextInt(most);
            if (!unsent.moveTo(connection.output(), length)) {
                simulation.findings.wrong("a simulated client has no memory");
            }
            connection.flush();
        }
        if (halfCloses && unsent.size() == 0 && !outputShut) {
            outputShut = true;
            connection.shutdownOutput();
        }
    }

    /** Goes away whatever is outstanding. */
    void leave(boolean reset) {
        if (!closed && !leaving) {
            leaving = true;
            if (reset) {
                connection.reset();
            } else {
                connection.close(CloseCause.LOCAL);
            }
        }
    }

    @Override
    public void onConnected() {
        simulation.findings.event(3);
    }

    @Override
    public void onReceived(Segment segment, int offset, int length) {
        received.add(segment.buffer(), offset, length);
        try {
            while (talk.take(received)) {
                simulation.replied();
            }
        } catch (RuntimeException e) {
            simulation.findings.wrong(this + " was sent what is no reply", e);
            leave(true);
        }
    }

    @Override
    public void onWritten(long position) {
        // the rest follows by itself
    }

    @Override
    public void onPeerClosed() {
        checkEnd("FIN");
        leave(false);
    }

    /** The proxy has ended this connection: was that asked for, or did this client give cause? */
    private void checkEnd(String how) {
        if (leaving || lastSent && talk.awaited() == 0 && received.size() == 0) {
            return;
        }
        ClosingAudit.Closing closing = simulation.closing(connection.local());
        String wrong = closing == null ? unaided(how) : closing.reason() == null ? withoutReason()
            : innocent(closing.reason());
        if (wrong != null) {
            simulation.findings.wrong(this + " was closed (" + how + "; " + closing + "), " + wrong + "; "
                + talk.awaited() + " replies due, first for " + talk.due() + ", half a reply: " + received.size()
                + " bytes");
        }
    }

    /** The lane knows nothing of it: then it was the network. */
    private String unaided(String how) {
        return scenario.network.reset() > 0 || scenario.network.refuse() > 0 && how.equals("REFUSED") ? null
            : "but not by the lane";
    }

    /** The lane was to end it: what is missing the network has lost, as it may, or all that nobody has read. */
    private String withoutReason() {
        return sentTooMuch || scenario.network.reset() > 0 ? null : "which it did not ask for";
    }

    /** What does not fit the reason for which the lane has closed it, or null. */
    private String innocent(ClientHalfCounter reason) {
        boolean mayBeSlow = wasSlow || scenario.isNetworkSlow();
        return switch (reason) {
            case CLOSED_BY_OUTPUT_HARD -> scenario.limits.hardKb > 0 ? null : "without a limit";
            case CLOSED_BY_OUTPUT_SOFT -> scenario.limits.softKb > 0 && (mayBeSlow || scenario.limits.softSeconds == 0)
                ? null : "though it has read all the time";
            // where memory is used up a socket that is to be read cannot be, which looks the same
            case CLOSED_BY_GATHER_TIMEOUT -> wasSilent || mayBeSlow || scenario.shortOfMemory ? null
                : "though it was never silent, and took its replies";
            case CLOSED_IN_REPLY -> scenario.serversFail() ? null : "though no server has failed";
            case CLOSED_BY_HOLDING -> mayBeSlow || scenario.shortOfMemory ? null : "though it took its replies";
            default -> scenario.shortOfMemory ? null : "though there was memory";
        };
    }

    @Override
    public void onClosed(CloseCause cause) {
        simulation.findings.event(cause.ordinal());
        checkEnd(cause.toString());
        closed = true;
    }

    @Override
    public String toString() {
        return who + (lastSent ? " (has sent its last)" : "") + " awaiting " + talk.awaited();
    }
}
