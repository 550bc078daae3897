package org.millrace.engine.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.conf.PoolConfig;
import org.millrace.conf.ServerConfig;
import org.millrace.engine.control.ProbeSimScript;
import org.millrace.engine.control.Prober;
import org.millrace.io.ArenaConfig;
import org.millrace.io.CloseCause;
import org.millrace.io.Connection;
import org.millrace.io.ConnectionHandler;
import org.millrace.io.Endpoint;
import org.millrace.io.Segment;
import org.millrace.io.SegmentArena;
import org.millrace.io.sim.SimNetwork;
import org.millrace.io.sim.SimTransport;

/** Asks servers over the simulated network, as a process asks them over its own. */
final class SimProbes implements Prober {
    private static final long LIMIT_NS = 1_000_000_000;

    private final Scenario scenario;
    private final SimNetwork network;
    private final SimTransport transport;
    private final List<Probe> probes = new ArrayList<>();

    SimProbes(Scenario scenario, SimNetwork network) {
        this.scenario = scenario;
        this.network = network;
        transport = new SimTransport(network, new SegmentArena(ArenaConfig.ofMaxBytes(16L << 20)));
    }

    @Override
    public void ask(Endpoint endpoint, PoolConfig pool, ServerConfig server, Answer answer) {
        if (scenario.unasked) {
            answer.is(null, network.nowNs());
            return;
        }
        Probe probe = new Probe(new ProbeSimScript(pool, server), answer, network.nowNs() + LIMIT_NS);
        probe.connection = transport.connect(endpoint, probe);
        probes.add(probe);
    }

    /**
     * Time has passed.
     *
     * @param told run after each answer: each may change the ring, by which the lane goes for a while
     */
    void step(Runnable told) {
        transport.poll(0);
        for (int i = probes.size() - 1; i >= 0; i--) {
            Probe probe = probes.get(i);
            if (probe.why == null && !probe.answered && network.nowNs() >= probe.deadlineNs) {
                probe.end(CloseCause.TIMED_OUT.text());
            }
            if (probe.answered) {
                // told here, as on the control thread: not from within a handler
                probes.remove(i);
                probe.answer.is(probe.why, network.nowNs());
                told.run();
            }
        }
    }

    /** Nobody is asked any more. */
    void close() {
        transport.close();
    }

    long handlerFailures() {
        return transport.handlerFailures();
    }

    /** A question under way. */
    private static final class Probe implements ConnectionHandler {
        private final ProbeSimScript script;
        private final Answer answer;
        private final long deadlineNs;
        private final Bytes received = new Bytes();
        private Connection connection;
        private boolean answered;
        private String why;

        Probe(ProbeSimScript script, Answer answer, long deadlineNs) {
            this.script = script;
            this.answer = answer;
            this.deadlineNs = deadlineNs;
        }

        private void end(String what) {
            if (!answered) {
                answered = true;
                why = what;
                connection.close(CloseCause.LOCAL);
            }
        }

        @Override
        public void onConnected() {
            byte[] question = script.question();
            connection.output().append(new UnsafeBuffer(question), 0, question.length);
            connection.flush();
        }

        @Override
        public void onReceived(Segment segment, int offset, int length) {
            received.add(segment.buffer(), offset, length);
            String text = received.text(0, received.size());
            if (!script.isMoreToCome(text)) {
                end(script.meaning(text));
            }
        }

        @Override
        public void onWritten(long position) {
            // the rest follows by itself
        }

        @Override
        public void onPeerClosed() {
            end("it closed the connection");
        }

        @Override
        public void onClosed(CloseCause cause) {
            if (!answered) {
                answered = true;
                why = cause.text();
            }
        }

        @Override
        public String toString() {
            return "probe, " + received.text(0, received.size()).getBytes(ISO_8859_1).length + " bytes received";
        }
    }
}
