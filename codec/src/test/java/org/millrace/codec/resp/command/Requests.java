package org.millrace.codec.resp.command;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.codec.resp.RequestView;

/** Makes requests of words, and reads what was found in them. */
final class Requests {
    private static final int PREFIX = 3;

    final UnsafeBuffer head;
    final RequestView view = new RequestView();

    /** A request that does not begin at the start of its buffer. */
    Requests(String... words) {
        final byte[] bytes = bytes(words);
        head = new UnsafeBuffer(new byte[PREFIX + bytes.length]);
        head.putBytes(PREFIX, bytes);
        view.wrap(head, PREFIX, bytes.length, 1 << 20);
    }

    static byte[] bytes(String... words) {
        final StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(DirectBuffer buffer, int offset, int length) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static String text(DirectBuffer buffer) {
        return text(buffer, 0, buffer.capacity());
    }

    /** The error reply as text without its leading sign and line end. */
    static String error(DirectBuffer buffer) {
        return buffer == null ? null : text(buffer, 1, buffer.capacity() - 3);
    }

    /** The keys of a request, of which word 0 (and 1) name the command. */
    static List<String> keys(Requests request, KeyList found) {
        final List<String> keys = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            keys.add(text(request.head, found.offset(i), (int) found.length(i)));
        }
        return keys;
    }

    /** The command of the words, or its subcommand. */
    static Command command(String... words) {
        final Command command = CommandTable.standard().byName(words[0]);
        return command != null && command.isContainer() && words.length > 1
            ? CommandTable.standard().byName(words[0] + "|" + words[1]) : command;
    }
}
