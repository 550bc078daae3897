package org.millrace.engine.resp;

import org.millrace.codec.resp.RequestView;
import org.millrace.engine.message.Message;
import org.millrace.engine.message.MessagePool;
import org.millrace.io.Segment;
import org.millrace.io.SegmentArena;

/**
 * Gives an inline command with long words the form of a framed request: the long words are bodies, not part of the
 * head. All views behind the parse stage rely on it. Stateless; for the client half's thread.
 */
final class InlineBodies {
    private InlineBodies() {
    }

    /** True if a word is so long that it must be a body. */
    static boolean isNeeded(RequestView view, int bodyThreshold) {
        view.rewind();
        while (view.next()) {
            if (view.argumentLength() >= bodyThreshold) {
                return true;
            }
        }
        return false;
    }

    /**
     * Makes a message with bodies.
     *
     * @param whole a message of a head alone; stays the caller's
     * @param view  its words, none of them a body; rewound here
     * @return the message, or null if there is no memory for it
     */
    static Message part(Message whole, RequestView view, MessagePool messages, SegmentArena arena) {
        Segment words = arena.acquire(whole.headLength());
        if (words == null) {
            return null;
        }
        words.buffer().putBytes(0, whole.head(), 0, whole.headLength());
        Message parted = messages.acquire();
        boolean written = write(parted, words, view, messages.bodyThreshold());
        words.release();
        if (!written) {
            messages.release(parted);
            return null;
        }
        return parted;
    }

    private static boolean write(Message parted, Segment words, RequestView view, int bodyThreshold) {
        int from = 0;
        view.rewind();
        while (view.next()) {
            int length = (int) view.argumentLength();
            int word = view.argumentOffset();
            int to = length >= bodyThreshold ? word : view.endOffset();
            if (!parted.appendHead(words.buffer(), from, to - from)) {
                return false;
            }
            if (length >= bodyThreshold) {
                parted.beginBody();
                if (!parted.addSlice(words, word, length)) {
                    return false;
                }
                to = word + length;
            }
            from = to;
        }
        return parted.appendHead(words.buffer(), from, view.endOffset() - from);
    }
}
