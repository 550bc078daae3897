package org.millrace.codec.memcached.command;

import java.util.Arrays;
import org.agrona.DirectBuffer;

/** One command of the table. Immutable; made by {@link CommandTable} alone. */
public final class Command {
    private static final int ERRORS =
        ReplyType.ERROR.bit() | ReplyType.CLIENT_ERROR.bit() | ReplyType.SERVER_ERROR.bit();

    private final int id;
    private final CommandRow row;
    private final int[] words = new int[Field.values().length];
    private final int firstKey;
    private final boolean manyKeys;
    private final int bytesWord;
    private final DirectBuffer refusal;

    Command(int id, CommandRow row) {
        this.id = id;
        this.row = row;
        firstKey = row.firstKey();
        manyKeys = row.manyKeys();
        Arrays.fill(words, -1);
        row.fields().forEach((field, word) -> words[field.ordinal()] = word);
        bytesWord = words[Field.BYTES.ordinal()];
        refusal = MemcachedErrors.ready("CLIENT_ERROR " + row.name() + " is not supported by this proxy: "
            + (row.reason().isEmpty() ? "the proxy has no answer to it" : row.reason()));
    }

    /** A small number, unique in the table and dense from 0: an index for arrays of counters. */
    public int id() {
        return id;
    }

    /** The name. */
    public String name() {
        return row.name();
    }

    /** Its kind. */
    public Family family() {
        return row.family();
    }

    /** True if it has a key. */
    public boolean hasKeys() {
        return firstKey >= 0;
    }

    /** Number of the word that is the first key, the name being 0; -1 if it has none. */
    public int firstKey() {
        return firstKey;
    }

    /** True if all words behind the first key are keys too. */
    public boolean hasManyKeys() {
        return manyKeys;
    }

    /** Fewest words, the name included. */
    public int wordsMin() {
        return row.wordsMin();
    }

    /** Most words, the name included. */
    public int wordsMax() {
        return row.wordsMax();
    }

    /** Number of the word that is this field, or -1. */
    public int wordOf(Field field) {
        return words[field.ordinal()];
    }

    /** Number of the word that tells the length of the data block behind the line, or -1 if none follows. */
    public int bytesWord() {
        return bytesWord;
    }

    /** True if a data block follows the line. */
    public boolean isStorage() {
        return bytesWord >= 0;
    }

    /** True if the reply is kept back under the meta flag q; errors never are. */
    public boolean isKeptQuiet(ReplyType reply) {
        return (row.quiet() & reply.bit()) != 0;
    }

    /** The bits of all replies that fit, errors among them. */
    public int replies() {
        return row.replies() | ERRORS;
    }

    /** The bits of the replies that are kept back under the meta flag q. */
    public int quietReplies() {
        return row.quiet();
    }

    /** True if the command knows the meta flag q. */
    public boolean mayBeQuiet() {
        return row.quiet() != 0;
    }

    /** True if a server may answer so to this command; any other reply belongs to another. */
    public boolean accepts(ReplyType reply) {
        return ((row.replies() | ERRORS) & reply.bit()) != 0;
    }

    /** What the proxy does with it. */
    public Treatment treatment() {
        return row.treatment();
    }

    /** How the replies of several servers become one. */
    public MergeRule merge() {
        return row.merge();
    }

    /** What is said to too few words. */
    public Fault tooFew() {
        return row.tooFew();
    }

    /** What is said to too many words. */
    public Fault tooMany() {
        return row.tooMany();
    }

    /** The whole error reply that says why the command is refused; not to be written to. */
    public DirectBuffer refusal() {
        return refusal;
    }

    /** The name, for messages. */
    @Override
    public String toString() {
        return row.name();
    }
}
