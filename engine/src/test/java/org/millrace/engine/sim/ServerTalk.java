package org.millrace.engine.sim;

import java.util.List;
import java.util.Random;

/** A server's part of one protocol, with what it stores. */
interface ServerTalk {
    /** Takes a request off the bytes; null if it is not whole. Throws if it is none, or one that no server may see. */
    List<String> take(Bytes received);

    /** Executes a request; returns the reply as it is sent. */
    String execute(List<String> request);

    /** The keys of a request. */
    List<String> keys(List<String> request);

    /** Whether the proxy asks whether the server is there. */
    boolean isProbe(List<String> request);

    /** What a server says to that which is there and does not work yet. */
    String busy();

    /** The request is not executed, for a reason of the server's. */
    String error(Random random);

    /** What is no reply at all. */
    String garbage(Random random);

    /** A reply that nobody has asked for. */
    String stray();
}
