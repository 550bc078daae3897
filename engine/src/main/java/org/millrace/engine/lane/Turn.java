package org.millrace.engine.lane;

/** What a lane's thread does over and over. */
public interface Turn {
    /**
     * Runs one turn.
     *
     * @param mayWait true if it may wait for I/O when there is nothing to do
     * @return amount of work done, 0 = none
     */
    int run(boolean mayWait);
}
