package org.millrace.engine.spread;

/** Moves clients from lane to lane. */
@FunctionalInterface
public interface LaneMover {
    /** Has a lane hand over so many clients, as far as they pause within the next moments. */
    void move(int from, int to, int clients);
}
