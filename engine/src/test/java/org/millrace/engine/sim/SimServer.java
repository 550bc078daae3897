package org.millrace.engine.sim;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.millrace.io.AcceptHandler;
import org.millrace.io.AcceptedSocket;
import org.millrace.io.CloseCause;
import org.millrace.io.Endpoint;
import org.millrace.io.ListenOptions;
import org.millrace.io.Listener;
import org.millrace.io.sim.SimNetwork;
import org.millrace.io.sim.SimTransport;

/** A server of the simulation: keeps its values whatever happens to its connections. */
final class SimServer implements AcceptHandler {
    final Scenario scenario;
    final Random random;
    final SimNetwork network;
    final Findings findings;
    final ServerTalk talk;
    private final RingHistory ring;
    private final int index;
    private long probesAnswered;
    private final SimTransport transport;
    private final Endpoint endpoint;
    private final ArrayList<ServerPeer> peers = new ArrayList<>();
    private Listener listener;
    private long downUntilNs;
    private final boolean flaps;
    private boolean hung;
    private boolean faultless;

    SimServer(Simulation simulation, int index) {
        scenario = simulation.scenario;
        network = simulation.network;
        findings = simulation.findings;
        ring = simulation.ring();
        this.index = index;
        talk = scenario.memcached ? new TinyMemcached() : new TinyRedis();
        transport = simulation.serverHost;
        random = new Random(scenario.seed * 31 + 1000 + index);
        flaps = scenario.flapping && (index == 0 || random.nextInt(3) == 0);
        endpoint = Endpoint.tcp("127.0.0.1", Scenario.port(index));
        listen();
    }

    private void listen() {
        try {
            listener = transport.listen(endpoint, ListenOptions.defaults(), this);
        } catch (IOException e) {
            findings.wrong("a simulated server cannot listen", e);
        }
    }

    /** Executes a request, which must be this server's. */
    String execute(List<String> request) {
        findings.event(request.getFirst().hashCode());
        for (String key : talk.keys(request)) {
            findings.check(ring.mayServe(index, key), "server " + index + " is asked for " + key
                + ", which is not its own");
        }
        if (talk.isProbe(request)) {
            if (draw(0.3)) {
                return talk.busy();
            }
            probesAnswered++;
        }
        return talk.execute(request);
    }

    /** Whether it was there for whoever asked. */
    long probesAnswered() {
        return probesAnswered;
    }

    boolean draw(double probability) {
        return !faultless && probability > 0 && random.nextDouble() < probability;
    }

    /** From now on this server is as good as can be. */
    void endFaults() {
        faultless = true;
        downUntilNs = 0;
        if (hung) {
            hung = false;
            peers.forEach(ServerPeer::resume);
        }
        peers.forEach(ServerPeer::endStall);
    }

    void step() {
        if (!hung && draw(scenario.serverHang)) {
            hung = true;
            peers.forEach(ServerPeer::pause);
        }
        if (hung) {
            return;
        }
        if (listener == null && network.nowNs() >= downUntilNs) {
            listen();
        } else if (listener != null && draw(scenario.serverDown)) {
            listener.close();
            listener = null;
            downUntilNs = network.nowNs() + 1 + random.nextInt(100_000_000);
            List.copyOf(peers).forEach(peer -> peer.end(random.nextBoolean()));
        }
        for (int i = peers.size() - 1; i >= 0; i--) {
            peers.get(i).step();
        }
    }

    boolean isQuiet() {
        return peers.stream().allMatch(ServerPeer::isQuiet);
    }

    void closeAll() {
        List.copyOf(peers).forEach(peer -> peer.end(scenario.shortOfMemory || random.nextBoolean()));
    }

    @Override
    public void onAccepted(AcceptedSocket socket) {
        try {
            int flap = flaps && draw(0.8) ? random.nextInt(3) : ServerPeer.STAYS;
            if (flap == ServerPeer.AT_ACCEPT || scenario.refuseAtAccept && draw(0.3)) {
                socket.close();
                return;
            }
            ServerPeer peer = new ServerPeer(this, flap);
            peer.adopted(transport.adopt(socket, peer));
            peers.add(peer);
            if (hung) {
                // the system has accepted it
                peer.pause();
            }
        } catch (IOException e) {
            findings.wrong("a simulated server cannot accept", e);
        }
    }

    @Override
    public void onAcceptFailed(String reason) {
        findings.wrong("accept failed: " + reason);
    }

    void gone(ServerPeer peer, CloseCause cause) {
        findings.event(cause.ordinal());
        peers.remove(peer);
    }
}
