package org.millrace.engine.sim;

import java.util.ArrayDeque;
import java.util.List;
import org.millrace.io.CloseCause;
import org.millrace.io.Connection;
import org.millrace.io.ConnectionHandler;
import org.millrace.io.Segment;
import org.millrace.io.sim.SimConnection;

/** A connection of a simulated server, with all the ways in which it may go wrong. */
final class ServerPeer implements ConnectionHandler {
    /** When a connection to a flapping server ends: at once, with its first request, behind its first reply, or not. */
    static final int AT_ACCEPT = 0;
    private static final int AT_REQUEST = 1;
    private static final int BEHIND_REPLY = 2;
    static final int STAYS = 3;

    private final SimServer server;
    private final int flap;
    private final Bytes received = new Bytes();
    private final ArrayDeque<List<String>> requests = new ArrayDeque<>();
    private final Bytes unsent = new Bytes();
    private SimConnection connection;
    private long stalledUntilNs;
    private String swapped;
    private boolean ended;

    ServerPeer(SimServer server, int flap) {
        this.server = server;
        this.flap = flap;
    }

    void adopted(Connection adopted) {
        connection = (SimConnection) adopted;
    }

    void endStall() {
        stalledUntilNs = 0;
    }

    /** Nothing is read or sent from now on. */
    void pause() {
        connection.pauseReads();
    }

    void resume() {
        connection.resumeReads();
    }

    boolean isQuiet() {
        return requests.isEmpty() && unsent.size() == 0;
    }

    void step() {
        if (ended || server.network.nowNs() < stalledUntilNs) {
            return;
        }
        int most = 1 + server.random.nextInt(20);
        for (int i = 0; i < most && !ended && !requests.isEmpty() && server.network.nowNs() >= stalledUntilNs; i++) {
            serve();
        }
        send();
        if (!ended && isQuiet() && server.draw(server.scenario.serverStray)) {
            unsent.add(server.talk.stray());
        }
    }

    private void serve() {
        Scenario scenario = server.scenario;
        if (server.draw(scenario.serverStall)) {
            stalledUntilNs = server.network.nowNs() + (server.random.nextInt(10) == 0 ? Long.MAX_VALUE / 4
                : server.random.nextInt(400_000_000));
            return;
        }
        if (flap == AT_REQUEST) {
            end(server.random.nextBoolean());
            return;
        }
        boolean executes = server.random.nextBoolean();
        if (server.draw(scenario.serverClose) || server.draw(scenario.serverReset)) {
            if (executes) {
                execute(requests.poll());
            }
            if (server.random.nextBoolean()) {
                send();
            }
            end(server.draw(0.5));
            return;
        }
        if (server.draw(scenario.serverGarbage)) {
            unsent.add(server.talk.garbage(server.random));
            requests.clear();
            return;
        }
        if (server.draw(scenario.serverError)) {
            requests.poll();
            unsent.add(server.talk.error(server.random));
            return;
        }
        String reply = execute(requests.poll());
        if (swapped != null) {
            unsent.add(reply + swapped);
            swapped = null;
        } else if (server.draw(scenario.serverSwap) && !requests.isEmpty()) {
            swapped = reply;
        } else {
            unsent.add(reply);
        }
        if (flap == BEHIND_REPLY && server.random.nextInt(4) != 0) {
            send();
            end(false);
        }
    }

    private String execute(List<String> request) {
        return server.execute(request);
    }

    private void send() {
        if (unsent.size() > 0 && !ended) {
            int length = server.random.nextInt(4) == 0 ? 1 + server.random.nextInt(unsent.size()) : unsent.size();
            if (!unsent.moveTo(connection.output(), length)) {
                server.findings.wrong("a simulated server has no memory");
            }
            connection.flush();
        }
    }

    /** Closes with what may have been sent, or breaks the connection off. */
    void end(boolean reset) {
        if (!ended) {
            ended = true;
            if (reset) {
                connection.reset();
            } else {
                connection.close(CloseCause.LOCAL);
            }
        }
    }

    @Override
    public void onConnected() {
        server.findings.wrong("an accepted connection was told that it is connected");
    }

    @Override
    public void onReceived(Segment segment, int offset, int length) {
        received.add(segment.buffer(), offset, length);
        List<String> request = take();
        while (request != null) {
            requests.add(request);
            request = take();
        }
    }

    private List<String> take() {
        try {
            return server.talk.take(received);
        } catch (RuntimeException e) {
            server.findings.wrong("the proxy has sent what is no request", e);
            received.clear();
            return null;
        }
    }

    @Override
    public void onWritten(long position) {
        // the rest follows by itself
    }

    @Override
    public void onPeerClosed() {
        end(false);
    }

    @Override
    public void onClosed(CloseCause cause) {
        ended = true;
        server.gone(this, cause);
    }
}
