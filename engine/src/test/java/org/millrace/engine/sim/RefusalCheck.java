package org.millrace.engine.sim;

import java.util.IdentityHashMap;
import java.util.Map;

/** Which requests of a client must fail at once, as their server was ejected before they were sent, and still is. */
final class RefusalCheck {
    private final Simulation simulation;
    private final Map<Object, Expected> expected = new IdentityHashMap<>();

    private record Expected(int server, int refusal) {
    }

    RefusalCheck(Simulation simulation) {
        this.simulation = simulation;
    }

    /** A request for one key is sent. */
    void asked(Object request, String key) {
        int server = simulation.ring().owner(key);
        int refusal = simulation.refusal(server);
        if (refusal > 0) {
            expected.put(request, new Expected(server, refusal));
        }
    }

    /**
     * A request is answered.
     *
     * @param cause of its failure; null if it has not failed
     * @return what is wrong with that, or null
     */
    String answered(Object request, String cause) {
        Expected known = expected.remove(request);
        if (known == null || simulation.refusal(known.server) != known.refusal) {
            return null;
        }
        simulation.refusedAtOnce();
        if (Failures.REFUSED.equals(cause) || Failures.NO_MEMORY.equals(cause) && simulation.scenario.shortOfMemory) {
            return null;
        }
        return "its server " + known.server + " is ejected";
    }
}
