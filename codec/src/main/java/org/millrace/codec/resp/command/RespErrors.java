package org.millrace.codec.resp.command;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.codec.resp.RequestView;

/**
 * Errors about commands, in Redis's own words where Redis has any. What can be known before is built once; the two
 * that repeat words of the request are written into the caller's buffer. Safe for all threads.
 */
public final class RespErrors {
    /** No error written here is longer, in bytes. */
    public static final int MAX_LENGTH = 512;
    /** The keys of one command live on several servers. */
    public static final DirectBuffer CROSSSLOT = ready("CROSSSLOT Keys in request don't hash to the same server");
    /** A request that follows no known form. */
    public static final DirectBuffer SYNTAX = ready(NumkeysWording.SYNTAX);

    private static final int QUOTED_MAX = 128;
    private static final byte[] UNKNOWN = bytes("-ERR unknown command '");
    private static final byte[] BEGINNING = bytes("', with args beginning with: ");
    private static final byte[] UNKNOWN_SUB = bytes("-ERR unknown subcommand '");
    private static final byte[] TRY = bytes("'. Try ");
    private static final byte[] HELP = bytes(" HELP.\r\n");
    private static final byte[] END = bytes("\r\n");
    private static final byte[] QUOTE = bytes("'");
    private static final byte[] UNQUOTE = bytes("' ");

    private RespErrors() {
    }

    /**
     * Makes a whole error reply of a text, prefix included; for constants, not for the way of a request.
     *
     * @param text one line, ASCII
     */
    public static DirectBuffer ready(String text) {
        return new UnsafeBuffer(bytes("-" + text + "\r\n"));
    }

    /**
     * Writes the error for a command that is not in the table.
     *
     * @param head   the buffer that the view reads
     * @param view   the request; rewound here
     * @param out    room for {@link #MAX_LENGTH} bytes
     * @param offset where to begin
     * @return bytes written
     */
    public static int unknownCommand(DirectBuffer head, RequestView view, MutableDirectBuffer out, int offset) {
        view.rewind();
        int at = put(out, offset, UNKNOWN);
        if (view.next()) {
            at = quote(head, view, out, at, QUOTED_MAX);
        }
        at = put(out, at, BEGINNING);
        final int args = at;
        while (at - args < QUOTED_MAX && view.next()) {
            final int room = QUOTED_MAX - (at - args);
            at = put(out, at, QUOTE);
            at = quote(head, view, out, at, room);
            at = put(out, at, UNQUOTE);
        }
        return put(out, at, END) - offset;
    }

    /**
     * Writes the error for a subcommand that its container does not have.
     *
     * @see #unknownCommand
     */
    public static int unknownSubcommand(Command container, DirectBuffer head, RequestView view, MutableDirectBuffer out,
        int offset) {
        view.rewind();
        int at = put(out, offset, UNKNOWN_SUB);
        if (view.next() && view.next()) {
            at = quote(head, view, out, at, QUOTED_MAX);
        }
        at = put(out, at, TRY);
        final String name = container.name();
        for (int i = 0; i < name.length(); i++) {
            out.putByte(at++, (byte) Character.toUpperCase(name.charAt(i)));
        }
        return put(out, at, HELP) - offset;
    }

    static String wrongArityText(String name) {
        return "ERR wrong number of arguments for '" + name + "' command";
    }

    static String refusalText(String name, String reason) {
        return "ERR '" + name + "' is not supported by this proxy: " + reason;
    }

    /** The replies to all results of the key finder for one command, by result; null for OK. */
    static DirectBuffer[] keyErrors(String name, KeySpec spec) {
        final NumkeysWording wording = spec.tail().wording() == null ? NumkeysWording.PLAIN : spec.tail().wording();
        final DirectBuffer[] errors = new DirectBuffer[KeyFinder.RESULTS];
        errors[KeyFinder.NO_KEY] = ready("ERR '" + name + "' without a key is not supported by this proxy: "
            + "no key tells which server to ask");
        errors[KeyFinder.NUMKEYS_NOT_INTEGER] = ready(wording.notAnInteger.formatted(name));
        errors[KeyFinder.NUMKEYS_TOO_FEW] = ready(wording.tooFew.formatted(name));
        errors[KeyFinder.NUMKEYS_TOO_MANY] = ready(wording.tooMany.formatted(name));
        errors[KeyFinder.SYNTAX] = SYNTAX;
        errors[KeyFinder.UNBALANCED] = ready("ERR Unbalanced XREAD"
            + " list of streams: for each stream key an ID or '$' must be specified.");
        errors[KeyFinder.ODD_WORDS] = ready(wrongArityText(name));
        errors[KeyFinder.BLOCKS] = ready("ERR '" + name + "' with BLOCK is not supported by this proxy: "
            + "it would hold up other clients on the shared connection to a server");
        return errors;
    }

    /** Copies a word up to a zero byte, as C prints it, with line ends made blanks. A body has no bytes here. */
    private static int quote(DirectBuffer head, RequestView view, MutableDirectBuffer out, int offset, int max) {
        if (view.isBody()) {
            return offset;
        }
        final int from = view.argumentOffset();
        final int length = (int) Math.min(max, view.argumentLength());
        int at = offset;
        for (int i = 0; i < length; i++) {
            final byte b = head.getByte(from + i);
            if (b == 0) {
                break;
            }
            out.putByte(at++, b == '\r' || b == '\n' ? (byte) ' ' : b);
        }
        return at;
    }

    private static int put(MutableDirectBuffer out, int offset, byte[] text) {
        out.putBytes(offset, text);
        return offset + text.length;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
