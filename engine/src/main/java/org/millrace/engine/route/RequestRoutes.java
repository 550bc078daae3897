package org.millrace.engine.route;

import org.millrace.engine.ring.RequestSlot;
import org.millrace.routing.Router;

/** Finds the servers for the requests of one protocol that are not plain. Belongs to one lane's server half. */
public interface RequestRoutes {
    /**
     * Sets the slot's server or its plan, or refuses the request
     * ({@link org.millrace.engine.link.ServerHalfState#refuse}).
     */
    void route(RequestSlot slot, Router router);
}
