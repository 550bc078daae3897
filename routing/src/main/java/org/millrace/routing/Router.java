package org.millrace.routing;

import org.agrona.DirectBuffer;
import org.millrace.routing.distribution.Distribution;
import org.millrace.routing.hash.KeyHash;

/**
 * Finds the server of a key for one pool of one topology snapshot.
 *
 * <p>Owned by one thread at a time, a lane's: it holds the scratch space of its hash and the state of a random
 * distribution. Routing allocates nothing. Made by {@link Topology#newRouter(int)}; dropped with the snapshot.
 */
public final class Router {
    /** More than one server takes keys, or none. */
    static final int SEVERAL = -1;

    private final KeyHash keyHash;
    private final Distribution distribution;
    private final boolean isTagged;
    private final byte tagOpen;
    private final byte tagClose;
    private final boolean isAlone;
    private final int only;
    private final boolean isEmpty;
    private final boolean needsHash;
    private final int[] servers;

    /**
     * A router of a snapshot.
     *
     * @param distribution null if no server takes keys
     * @param only         the only server that takes keys, or {@link #SEVERAL}
     * @param servers      indexes of all servers, those that are ejected included
     */
    Router(KeyHash keyHash, Distribution distribution, HashTag tag, int only, int[] servers) {
        this.keyHash = keyHash;
        this.distribution = distribution;
        isTagged = tag != null;
        tagOpen = isTagged ? tag.open() : 0;
        tagClose = isTagged ? tag.close() : 0;
        isAlone = only != SEVERAL;
        this.only = only;
        isEmpty = distribution == null;
        needsHash = !isEmpty && distribution.needsHash();
        this.servers = servers;
    }

    /**
     * The server that has a key. A pool's only server has every key; an empty key has the hash 0. Not for a router that
     * {@linkplain #isEmpty() has no server}.
     *
     * @param key    buffer that holds the key
     * @param offset of the key's first byte
     * @param length of the key in bytes, 0 or more
     * @return the server's index
     */
    public int route(DirectBuffer key, int offset, int length) {
        if (isAlone) {
            return only;
        }
        return distribution.serverFor(needsHash ? hash(key, offset, length) : 0);
    }

    /** How many servers the pool has, those that are ejected included. */
    public int serverCount() {
        return servers.length;
    }

    /** The index of a server by its place in the file. */
    public int server(int place) {
        return servers[place];
    }

    /** True if all servers of the pool are ejected, so that nobody has any key. */
    public boolean isEmpty() {
        return isEmpty;
    }

    /** True if the pool's servers are alike and any may serve any key: a random distribution, or one server. */
    public boolean isAnyServerGood() {
        return isAlone || !needsHash;
    }

    /**
     * The hash that decides where a key goes, its hash tag applied.
     *
     * @param key    buffer that holds the key
     * @param offset of the key's first byte
     * @param length of the key in bytes, 0 or more
     * @return unsigned 32 bits
     */
    public int hash(DirectBuffer key, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        return isTagged ? taggedHash(key, offset, length) : keyHash.hash(key, offset, length);
    }

    /** Only the first opening byte counts: if nothing lies between it and the next closing one, the whole key does. */
    private int taggedHash(DirectBuffer key, int offset, int length) {
        int end = offset + length;
        int open = indexOf(key, tagOpen, offset, end);
        int start = open + 1;
        int close = indexOf(key, tagClose, start, end);
        boolean isFound = close < end && close > start;
        return isFound ? keyHash.hash(key, start, close - start) : keyHash.hash(key, offset, length);
    }

    private static int indexOf(DirectBuffer buffer, byte wanted, int from, int end) {
        int i = from;
        while (i < end && buffer.getByte(i) != wanted) {
            i++;
        }
        return i;
    }
}
