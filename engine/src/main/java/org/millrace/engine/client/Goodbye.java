package org.millrace.engine.client;

import java.util.List;
import java.util.function.Consumer;

/**
 * The end of all clients when the process stops: nothing more is framed, what is due is answered, then each is told.
 * Whoever comes from another lane in the meantime is treated as those that are here. Client half's thread.
 */
final class Goodbye {
    private final ReadControl reads;
    private final Consumer<Client> endOutput;
    private boolean draining;
    private boolean said;

    /** To begin with nobody ends. */
    Goodbye(ReadControl reads, Consumer<Client> endOutput) {
        this.reads = reads;
        this.endOutput = endOutput;
    }

    void drain(List<Client> clients) {
        draining = true;
        for (int i = 0; i < clients.size(); i++) {
            reads.block(clients.get(i), Client.DRAINING);
        }
    }

    boolean isDraining() {
        return draining;
    }

    /** True once no client awaits a reply or has one unsent. */
    boolean isDrained(List<Client> clients) {
        for (int i = 0; i < clients.size(); i++) {
            Client client = clients.get(i);
            if (client.outstanding > 0 || client.connection.output().unsentBytes() > 0) {
                return false;
            }
        }
        return true;
    }

    void say(List<Client> clients) {
        said = true;
        for (int i = 0; i < clients.size(); i++) {
            tell(clients.get(i));
        }
    }

    void onAdmitted(Client client) {
        if (draining) {
            reads.block(client, Client.DRAINING);
        }
        if (said) {
            tell(client);
        }
    }

    private void tell(Client client) {
        if (!client.lingering) {
            endOutput.accept(client);
        }
    }
}
