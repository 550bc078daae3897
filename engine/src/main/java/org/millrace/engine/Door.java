package org.millrace.engine;

import java.util.concurrent.atomic.AtomicInteger;
import org.millrace.conf.AddressConfig;
import org.millrace.io.Listener;
import org.millrace.io.SharedPort;

/** An address that is listened on, and the pool whose clients come there. First lane's thread, once that runs. */
final class Door {
    final AddressConfig address;
    /** Clients on their way to another lane, whose counter does not know them yet. */
    final AtomicInteger handedOver = new AtomicInteger();
    /** The index of the pool. */
    volatile int pool;
    volatile Listener listener;
    /** What tells of other processes that listen there; null unless the pool shares its port. */
    volatile SharedPort shared;

    Door(AddressConfig address, int pool) {
        this.address = address;
        this.pool = pool;
    }

    /** True if this is where that pool wants its clients, whatever the mode of the file. */
    boolean isAt(AddressConfig other) {
        return address.toString().equals(other.toString());
    }

    /** The real port if the configuration says 0. */
    int port() {
        return listener.endpoint().port();
    }
}
