package org.millrace.engine.resp;

import java.util.function.IntFunction;
import org.millrace.codec.resp.RespWriter;
import org.millrace.codec.resp.command.Command;
import org.millrace.engine.message.Message;

/** How the replies to the fragments of a scattered command become one. */
enum Merge {
    /** MGET: the elements in the order of the keys. */
    ARRAY(1, '*'),
    /** DEL, UNLINK, TOUCH, EXISTS: the sum. */
    SUM(1, ':'),
    /** MSET: OK if all say so. */
    ALL_OK(2, '+');

    private static final int NUMBER_MAX = 24;

    private final int wordsPerKey;
    private final char replyType;

    Merge(int wordsPerKey, char replyType) {
        this.wordsPerKey = wordsPerKey;
        this.replyType = replyType;
    }

    static Merge of(Command command) {
        return switch (command.name()) {
            case "mget" -> ARRAY;
            case "mset" -> ALL_OK;
            default -> SUM;
        };
    }

    int wordsPerKey() {
        return wordsPerKey;
    }

    /** The first byte of every good reply. */
    byte replyType() {
        return (byte) replyType;
    }

    /** Writes the merged reply of fragments that all went well; not for {@link #ARRAY}. */
    boolean write(Message result, IntFunction<Message> replies, int count) {
        if (!result.reserveHead(NUMBER_MAX)) {
            return false;
        }
        if (this == ALL_OK) {
            result.commitHead(result.head().putStringWithoutLengthAscii(0, "+OK\r\n"));
            return true;
        }
        long sum = 0;
        for (int i = 0; i < count; i++) {
            Message reply = replies.apply(i);
            sum += reply.head().parseLongAscii(1, reply.headLength() - 3);
        }
        result.commitHead(RespWriter.integer(result.head(), 0, sum));
        return true;
    }
}
