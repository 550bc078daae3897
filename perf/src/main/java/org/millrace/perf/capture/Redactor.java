package org.millrace.perf.capture;

import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.codec.FrameLimits;
import org.millrace.codec.Framer;
import org.millrace.engine.tap.TapRecord;

/**
 * Overwrites values in records before they are written: passwords always, and if it is asked for all arguments but
 * names and keys, and the values in replies. Lengths stay, so requests and replies stay what their protocol says.
 */
final class Redactor {
    /** Every value that is not empty is a body: framers stop where it begins. */
    private static final FrameLimits EVERY_VALUE = new FrameLimits(Long.MAX_VALUE, Long.MAX_VALUE / 2,
        Integer.MAX_VALUE, 1024, Integer.MAX_VALUE, 1);

    private final boolean all;
    private final RespRedactor resp;
    private final Long2ObjectHashMap<Talk> talks = new Long2ObjectHashMap<>();

    /** Of all values, or of passwords alone. */
    Redactor(boolean all) {
        this.all = all;
        resp = new RespRedactor(all, EVERY_VALUE);
    }

    /** What is known of a conversation, and what is begun in it. */
    private static final class Talk {
        private final boolean memcached;
        private ValueMask request;
        private ValueMask reply;

        private Talk(boolean memcached) {
            this.memcached = memcached;
        }
    }

    /** True if a record, as most, may be kept as it stands, uncopied, and nothing has to be remembered of it. */
    boolean shows(int type, int flags, long conversation, DirectBuffer buffer, int offset, int length) {
        if (all || type != TapRecord.REQUEST && type != TapRecord.REPLY) {
            return false;
        }
        Talk talk = talks.get(conversation);
        if (talk == null) {
            return false;
        }
        if (type == TapRecord.REPLY || talk.memcached) {
            return true;
        }
        try {
            return talk.request == null && (flags & TapRecord.MORE) == 0
                && (length == 0 || resp.shows(buffer, offset, length));
        } catch (IllegalStateException e) {
            // no request is framed like that; see below
            return false;
        }
    }

    /** Overwrites what is secret in the bytes of a record, {@code [from, to)} of a buffer over an array. */
    void redact(int type, int flags, long conversation, UnsafeBuffer buffer, int from, int to) {
        switch (type) {
            case TapRecord.OPEN -> talks.put(conversation, new Talk((flags & TapRecord.MEMCACHED) != 0));
            case TapRecord.CLOSED, TapRecord.DAMAGED -> talks.remove(conversation);
            case TapRecord.REQUEST, TapRecord.REPLY -> {
                Talk talk = talks.get(conversation);
                if (talk == null) {
                    // nothing is known of it, so nothing of it is shown
                    ValueMask.fill(buffer.byteArray(), from, to);
                } else {
                    boolean more = (flags & TapRecord.MORE) != 0;
                    if (type == TapRecord.REQUEST) {
                        request(talk, buffer, from, to, more);
                    } else if (all) {
                        reply(talk, buffer, from, to, more);
                    }
                }
            }
            default -> throw new IllegalArgumentException("a record of type " + type);
        }
    }

    private void request(Talk talk, UnsafeBuffer buffer, int from, int to, boolean more) {
        if (talk.memcached) {
            if (all) {
                talk.request = mask(talk.request, buffer, from, to, more,
                    () -> new org.millrace.codec.memcached.RequestFramer(EVERY_VALUE));
            }
            return;
        }
        if (talk.request != null) {
            talk.request.mask(buffer, from, to);
            talk.request = more ? talk.request : null;
        } else if (more && to > from) {
            talk.request = resp.begun(buffer, from, to);
            talk.request.mask(buffer, from, to);
        } else if (to > from) {
            try {
                resp.whole(buffer, from, to);
            } catch (IllegalStateException e) {
                // no request is framed like that; should one be, nothing of it is shown
                ValueMask.fill(buffer.byteArray(), from, to);
            }
        }
    }

    private static void reply(Talk talk, UnsafeBuffer buffer, int from, int to, boolean more) {
        talk.reply = mask(talk.reply, buffer, from, to, more, talk.memcached
            ? () -> new org.millrace.codec.memcached.ReplyFramer(EVERY_VALUE)
            : () -> new org.millrace.codec.resp.ReplyFramer(EVERY_VALUE));
    }

    /** Masks with the conversation's own, which is made when it is first needed. */
    private static ValueMask mask(ValueMask known, UnsafeBuffer buffer, int from, int to, boolean more,
        Supplier<Framer> framer) {
        ValueMask mask = known == null ? new ValueMask(framer.get()) : known;
        mask.mask(buffer, from, to);
        if (!more) {
            mask.end();
        }
        return mask;
    }

    /** Conversations that it keeps something of. */
    int size() {
        return talks.size();
    }
}
