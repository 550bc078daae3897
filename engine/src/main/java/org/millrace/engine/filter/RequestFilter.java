package org.millrace.engine.filter;

import org.millrace.engine.client.Exchange;
import org.millrace.engine.ring.RequestSlot;

/**
 * Knows which requests of one protocol go to servers, of those that are not plain or whose clients have to
 * authenticate. Belongs to one lane's client half.
 */
public interface RequestFilter {
    /**
     * Answers a request that is not for a server: what is wrong with it, or what the proxy says itself.
     *
     * @return true if it was not answered and may pass
     */
    boolean passes(Exchange exchange, RequestSlot slot);
}
