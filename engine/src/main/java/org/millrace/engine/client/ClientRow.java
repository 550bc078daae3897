package org.millrace.engine.client;

/**
 * What there is to tell of one client at one moment. Immutable.
 *
 * @param id           as CLIENT ID tells it
 * @param lane         that serves it
 * @param address      its own
 * @param localAddress the one that it connected to
 * @param name         CLIENT SETNAME; empty if none
 * @param library      CLIENT SETINFO LIB-NAME; empty if none
 * @param libraryVersion CLIENT SETINFO LIB-VER; empty if none
 * @param ageNs        since it was accepted
 * @param idleNs       since it sent or took a byte
 * @param outstanding  requests without their replies
 * @param unsentBytes  of replies that it has not taken
 * @param heldBytes    memory held for it, these included
 * @param read         it is read at the moment
 */
public record ClientRow(long id, int lane, String address, String localAddress, String name, String library,
    String libraryVersion, long ageNs, long idleNs, int outstanding, long unsentBytes, long heldBytes, boolean read) {
}
