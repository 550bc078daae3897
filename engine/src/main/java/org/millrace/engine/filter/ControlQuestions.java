package org.millrace.engine.filter;

/** Asks the control thread what no lane knows alone. */
public interface ControlQuestions {
    /**
     * Asks for INFO. The answer comes back to the lane by its command queue, for the exchange.
     *
     * @param section lower case, empty for the default ones
     * @return false if the queue is full
     */
    boolean info(int lane, long exchangeId, String section);

    /**
     * Asks for the same as statistics of memcached.
     *
     * @return false if the queue is full
     */
    boolean stats(int lane, long exchangeId);

    /**
     * Asks for the answer to an administrative command. It comes back as INFO's does, as soon as it is there.
     *
     * @return false if the queue is full
     */
    boolean administer(AdminQuestion question);
}
