package org.millrace.engine.message;


/** Messages whose bytes an output has borrowed, each until the output is written up to a position. FIFO. */
public final class PendingReleases {
    private Message[] messages;
    private long[] positions;
    private int first;
    private int count;

    /** Keeps a message until {@code position} is written. */
    public void add(Message message, long position) {
        if (messages == null) {
            messages = new Message[4];
            positions = new long[4];
        } else if (count == messages.length) {
            grow();
        }
        int slot = (first + count++) & (messages.length - 1);
        messages[slot] = message;
        positions[slot] = position;
    }

    /** Takes back what was added last. */
    public void removeLast() {
        messages[first + --count & (messages.length - 1)] = null;
    }

    private void grow() {
        int size = messages.length;
        Message[] largerMessages = new Message[size * 2];
        long[] largerPositions = new long[size * 2];
        for (int i = 0; i < count; i++) {
            largerMessages[i] = messages[(first + i) & (size - 1)];
            largerPositions[i] = positions[(first + i) & (size - 1)];
        }
        messages = largerMessages;
        positions = largerPositions;
        first = 0;
    }

    /** The oldest message if {@code written} has passed it, now the caller's; else null. */
    public Message poll(long written) {
        if (count == 0 || positions[first] > written) {
            return null;
        }
        Message message = messages[first];
        messages[first] = null;
        first = (first + 1) & (messages.length - 1);
        count--;
        return message;
    }

    public boolean isEmpty() {
        return count == 0;
    }
}
