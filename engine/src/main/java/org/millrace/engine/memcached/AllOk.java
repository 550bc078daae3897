package org.millrace.engine.memcached;

import java.util.function.IntFunction;
import org.millrace.engine.message.Message;

/** The reply to flush_all and verbosity: the first error of a server, else what all have said. */
final class AllOk {
    private AllOk() {
    }

    static boolean write(Message result, IntFunction<Message> replies, int count) {
        Message chosen = replies.apply(0);
        for (int i = 0; i < count; i++) {
            Message reply = replies.apply(i);
            if (isError(reply)) {
                chosen = reply;
                break;
            }
        }
        return result.appendHead(chosen.head(), 0, chosen.headLength());
    }

    /** True of {@code ERROR}, {@code CLIENT_ERROR ...} and {@code SERVER_ERROR ...}. */
    static boolean isError(Message reply) {
        int b = reply.head().getByte(0);
        return b == 'C' || b == 'S' && reply.head().getByte(1) == 'E' || b == 'E' && reply.head().getByte(1) == 'R';
    }
}
