package org.millrace.codec.resp.command;

import org.agrona.DirectBuffer;
import org.millrace.codec.resp.RequestView;

/**
 * Walks a request once, forward, to its keys. Stateless; allocates nothing but the growth of the {@link KeyList}.
 *
 * <p>Every result but {@link #OK} has its error in {@link Command#keyError(int)}. A request with too few words for its
 * command must have been answered before.
 */
public final class KeyFinder {
    /** The list holds at least one key. */
    public static final int OK = 0;
    /** The request is well formed and has no key, so that no server is the right one. */
    public static final int NO_KEY = 1;
    /** The number of keys is not an integer. */
    public static final int NUMKEYS_NOT_INTEGER = 2;
    /** The number of keys is negative, or zero where a key is needed. */
    public static final int NUMKEYS_TOO_FEW = 3;
    /** The number of keys is greater than the words that are there. */
    public static final int NUMKEYS_TOO_MANY = 4;
    /** The option words before the keys make no sense. */
    public static final int SYNTAX = 5;
    /** A stream without its id. */
    public static final int UNBALANCED = 6;
    /** A key without its value. */
    public static final int ODD_WORDS = 7;
    /** The request asks to wait for data, which would hold up the connection. */
    public static final int BLOCKS = 8;
    /** Number of results. */
    static final int RESULTS = 9;

    private static final int MAX_DIGITS = 19;

    private KeyFinder() {
    }

    /**
     * Finds the keys of a request.
     *
     * @param command what word 0 names (for a subcommand: what words 0 and 1 name)
     * @param head    the buffer that the view reads
     * @param view    the request; rewound here, its position afterwards is unspecified
     * @param out     receives the keys in the order of the request
     * @return one of the results above; the list is to be used after {@link #OK} only
     */
    public static int find(Command command, DirectBuffer head, RequestView view, KeyList out) {
        return find(command, head, view, 0, out);
    }

    /**
     * Finds the keys of a request that is wrapped in another, as that of COMMAND GETKEYS.
     *
     * @param firstWord the index of the word that the command's name is
     * @see #find(Command, DirectBuffer, RequestView, KeyList)
     */
    public static int find(Command command, DirectBuffer head, RequestView view, int firstWord, KeyList out) {
        out.clear();
        view.rewind();
        final KeySpec spec = command.keySpec();
        final KeySpec.Tail tail = spec.tail();
        final int count = view.argumentCount();
        final int words = count - firstWord;

        if (spec.first() != 0) {
            final int last = spec.last() >= 0 ? spec.last() : words + spec.last();
            if (spec.step() > 1 && (last - spec.first() + 1) % spec.step() != 0) {
                return ODD_WORDS;
            }
            if (last >= words || last < spec.first()) {
                return NO_KEY;
            }
            if (!addRange(view, firstWord, spec.first(), last, spec.step(), out)) {
                return SYNTAX;
            }
        }
        return switch (tail.kind()) {
            case NONE -> out.size() == 0 ? NO_KEY : OK;
            case NUMKEYS -> numkeys(tail, head, view, firstWord, out);
            case LAST -> lastOption(tail, head, view, firstWord, out);
            case HALF -> half(tail, head, view, firstWord, out);
            case REST -> rest(tail, head, view, firstWord, out);
        };
    }

    private static int numkeys(KeySpec.Tail tail, DirectBuffer head, RequestView view, int firstWord, KeyList out) {
        if (!moveTo(view, firstWord + tail.from())) {
            return NO_KEY;
        }
        if (view.isBody()) {
            return NUMKEYS_NOT_INTEGER;
        }
        final long keys = parse(head, view.argumentOffset(), (int) view.argumentLength());
        if (keys == Long.MIN_VALUE) {
            return NUMKEYS_NOT_INTEGER;
        }
        final int left = view.argumentCount() - view.argumentIndex() - 1;
        if (keys < 0 || keys == 0 && !tail.wording().mayBeZero()) {
            return NUMKEYS_TOO_FEW;
        }
        if (keys > left || keys * tail.step() > left) {
            return NUMKEYS_TOO_MANY;
        }
        final int first = tail.from() + 1;
        addRange(view, firstWord, first, first + ((int) keys - 1) * tail.step(), tail.step(), out);
        return out.size() == 0 ? NO_KEY : OK;
    }

    private static int lastOption(KeySpec.Tail tail, DirectBuffer head, RequestView view, int firstWord, KeyList out) {
        final int fixed = out.size();
        int index = firstWord + tail.from();
        while (moveTo(view, index)) {
            final KeyOption option = option(tail, head, view);
            if (option == null) {
                index++;
                continue;
            }
            if (option.role() == KeyOption.Role.KEYS && moveTo(view, index + 1)) {
                out.truncate(fixed);
                add(view, firstWord, out);
            }
            index += 1 + option.words();
        }
        return out.size() == 0 ? NO_KEY : OK;
    }

    private static int half(KeySpec.Tail tail, DirectBuffer head, RequestView view, int firstWord, KeyList out) {
        boolean blocks = false;
        int index = firstWord + tail.from();
        while (moveTo(view, index)) {
            final KeyOption option = option(tail, head, view);
            final int left = view.argumentCount() - index - 1;
            if (option == null || left < option.words()) {
                return SYNTAX;
            }
            if (option.role() == KeyOption.Role.KEYS) {
                if ((left & 1) != 0) {
                    return UNBALANCED;
                }
                final int first = index + 1 - firstWord;
                addRange(view, firstWord, first, first + left / 2 - 1, 1, out);
                return blocks ? BLOCKS : OK;
            }
            blocks |= option.role() == KeyOption.Role.BLOCKS;
            index += 1 + option.words();
        }
        return SYNTAX;
    }

    private static int rest(KeySpec.Tail tail, DirectBuffer head, RequestView view, int firstWord, KeyList out) {
        // The long form counts only if the word in the place of the single key is empty.
        if (out.size() == 1 && out.length(0) > 0) {
            return OK;
        }
        int index = firstWord + tail.from();
        while (moveTo(view, index)) {
            final KeyOption option = option(tail, head, view);
            if (option != null && option.role() == KeyOption.Role.KEYS) {
                out.clear();
                while (view.next()) {
                    add(view, firstWord, out);
                }
                return out.size() == 0 ? SYNTAX : OK;
            }
            index += option == null ? 1 : 1 + option.words();
        }
        return OK;
    }

    private static boolean addRange(RequestView view, int firstWord, int first, int last, int step, KeyList out) {
        for (int i = first; i <= last; i += step) {
            if (!moveTo(view, firstWord + i)) {
                return false;
            }
            add(view, firstWord, out);
        }
        return true;
    }

    private static void add(RequestView view, int firstWord, KeyList out) {
        out.add(view.headerOffset(), view.argumentIndex() - firstWord, view.argumentOffset(), view.argumentLength(),
            view.isBody() ? view.bodyIndex() : -1);
    }

    /** Steps forward to a word; false if the request ends before it. */
    private static boolean moveTo(RequestView view, int index) {
        if (index >= view.argumentCount()) {
            return false;
        }
        while (view.argumentIndex() < index) {
            if (!view.next()) {
                return false;
            }
        }
        return true;
    }

    private static KeyOption option(KeySpec.Tail tail, DirectBuffer head, RequestView view) {
        if (view.isBody()) {
            return null;
        }
        final int offset = view.argumentOffset();
        final int length = (int) view.argumentLength();
        final KeyOption[] options = tail.options();
        for (int i = 0; i < options.length; i++) {
            if (options[i].matches(head, offset, length)) {
                return options[i];
            }
        }
        return null;
    }

    /** A whole number as Redis takes it: no plus sign, no leading zero, no blank; MIN_VALUE if it is none. */
    static long parse(DirectBuffer buffer, int offset, int length) {
        if (length == 1 && buffer.getByte(offset) == '0') {
            return 0;
        }
        int i = 0;
        final boolean negative = length > 0 && buffer.getByte(offset) == '-';
        if (negative) {
            i++;
        }
        if (length - i < 1 || length - i > MAX_DIGITS || buffer.getByte(offset + i) == '0') {
            return Long.MIN_VALUE;
        }
        long value = 0;
        for (; i < length; i++) {
            final int digit = buffer.getByte(offset + i) - '0';
            if (digit < 0 || digit > 9) {
                return Long.MIN_VALUE;
            }
            value = value * 10 + digit;
            if (value < 0) {
                return Long.MIN_VALUE;
            }
        }
        return negative ? -value : value;
    }
}
