package org.millrace.engine.parse;

import org.millrace.engine.ring.RequestSlot;

/** Parses the requests of one protocol. Belongs to one lane's client half. */
public interface RequestParser {
    /** Nothing is wrong with the request. */
    int NO_FAULT = 0;

    /**
     * Notes in the slot what a framed request says: its command, its key, which replies fit.
     *
     * @return what is wrong, a number that means something to the filter of the same protocol alone; 0 = nothing
     */
    int parse(RequestSlot slot);
}
