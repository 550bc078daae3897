package org.millrace.codec.resp.command;

/**
 * Which words of a command are keys; the command itself is word 0. Immutable; {@link KeyFinder} applies it to a
 * request. A spec has up to two parts: a fixed range of words, and one variable part after it.
 */
public final class KeySpec {
    /** No word is a key. */
    public static final KeySpec NONE = new KeySpec("-", 0, 0, 0, Tail.NONE);

    /** What follows the fixed range. */
    enum TailKind {
        /** Nothing. */
        NONE,
        /** A word that tells the number of keys, then the keys. */
        NUMKEYS,
        /** The word after the last of some option words. */
        LAST,
        /** The first half of all words after an option word. */
        HALF,
        /** All words after an option word, in place of the fixed range. */
        REST
    }

    /**
     * The variable part.
     *
     * @param kind    how keys are found
     * @param from    numkeys: the index of the counting word; else the index where option words begin
     * @param step    numkeys: distance from one key to the next
     * @param wording numkeys: Redis's words for a bad number
     * @param options the option words that matter
     */
    record Tail(TailKind kind, int from, int step, NumkeysWording wording, KeyOption[] options) {
        static final Tail NONE = new Tail(TailKind.NONE, 0, 0, null, new KeyOption[0]);
    }

    private final String text;
    private final int first;
    private final int last;
    private final int step;
    private final Tail tail;

    KeySpec(String text, int first, int last, int step, Tail tail) {
        this.text = text;
        this.first = first;
        this.last = last;
        this.step = step;
        this.tail = tail;
    }

    /** First key of the fixed range, 0 if there is none. */
    public int first() {
        return first;
    }

    /** Last key of the fixed range; negative counts from the end, -1 being the last word. */
    public int last() {
        return last;
    }

    /** Distance from one key of the fixed range to the next, 0 if there is none. */
    public int step() {
        return step;
    }

    /** True if any word may be a key. */
    public boolean hasKeys() {
        return first != 0 || tail.kind() != TailKind.NONE;
    }

    /** True if word 1, and no other, is the key of every request. */
    public boolean isSingleFirstKey() {
        return first == 1 && last == 1 && tail.kind() == TailKind.NONE;
    }

    Tail tail() {
        return tail;
    }

    /** The spec as the table writes it. */
    @Override
    public String toString() {
        return text;
    }
}
