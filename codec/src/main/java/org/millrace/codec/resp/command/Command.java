package org.millrace.codec.resp.command;

import java.util.List;
import org.agrona.DirectBuffer;

/** One command or subcommand of the table. Immutable; made by {@link CommandTable} alone. */
public final class Command {
    private final int id;
    private final String name;
    private final String group;
    private final int arity;
    private final int flags;
    private final KeySpec keySpec;
    private final boolean singleFirstKey;
    private final boolean forwardedByFirstKey;
    private final Treatment treatment;
    private final String reason;
    private final List<Command> subcommands;
    private final NameTable subNames;
    private final DirectBuffer arityError;
    private final DirectBuffer refusal;
    private final DirectBuffer[] keyErrors;

    Command(int id, CommandRow row, List<Command> subcommands) {
        this.id = id;
        this.name = row.name();
        this.group = row.group();
        this.arity = row.arity();
        this.flags = row.flags();
        this.keySpec = row.keys();
        this.singleFirstKey = keySpec.isSingleFirstKey();
        this.treatment = row.treatment();
        this.forwardedByFirstKey = singleFirstKey
            && (treatment == Treatment.FORWARD || treatment == Treatment.SCATTER);
        this.reason = row.reason();
        this.subcommands = List.copyOf(subcommands);
        this.subNames = subcommands.isEmpty() ? null
            : new NameTable(subcommands.stream().map(sub -> sub.name.substring(name.length() + 1)).toList());
        this.arityError = RespErrors.ready(RespErrors.wrongArityText(name));
        this.refusal = RespErrors.ready(RespErrors.refusalText(name,
            treatment == Treatment.REFUSE ? reason : "the proxy has no answer to it"));
        this.keyErrors = RespErrors.keyErrors(name, keySpec);
    }

    /** A small number, unique in the table and dense from 0: an index for arrays of counters. */
    public int id() {
        return id;
    }

    /** The name in lower case; of a subcommand with its container, as {@code client|setname}. */
    public String name() {
        return name;
    }

    /** The group that the command is documented under. */
    public String group() {
        return group;
    }

    /** Words of a request, the name included (both names of a subcommand); negative: at least so many. */
    public int arity() {
        return arity;
    }

    /** True if a request of so many words, the name included, has enough and not too many. */
    public boolean acceptsWords(int words) {
        return arity >= 0 ? words == arity : words >= -arity;
    }

    /** True if the command has the flag. */
    public boolean is(CommandFlag flag) {
        return (flags & flag.bit()) != 0;
    }

    /** Which words are keys. */
    public KeySpec keySpec() {
        return keySpec;
    }

    /** True if the key is always word 1 and nothing else: no need to call {@link KeyFinder}. */
    public boolean isSingleFirstKey() {
        return singleFirstKey;
    }

    /** True if it goes to the server of word 1, always, whatever else it says. */
    public boolean isForwardedByFirstKey() {
        return forwardedByFirstKey;
    }

    /** What the proxy does with it. */
    public Treatment treatment() {
        return treatment;
    }

    /** Why it is refused, half a sentence; empty if it is not. */
    public String reason() {
        return reason;
    }

    /** True if word 1 is a subcommand. */
    public boolean isContainer() {
        return subNames != null;
    }

    /** The subcommands in the order of the table; empty if it is no container. */
    public List<Command> subcommands() {
        return subcommands;
    }

    /** The subcommand of that name in any case, or null; null too if this is no container. Allocates nothing. */
    public Command findSub(DirectBuffer buffer, int offset, int length) {
        if (subNames == null) {
            return null;
        }
        final int index = subNames.find(buffer, offset, length);
        return index < 0 ? null : subcommands.get(index);
    }

    /** The whole error reply to a request with a wrong number of words; not to be written to. */
    public DirectBuffer arityError() {
        return arityError;
    }

    /** The whole error reply that says why the command is refused; not to be written to. */
    public DirectBuffer refusal() {
        return refusal;
    }

    /**
     * The whole error reply to a result of {@link KeyFinder} other than OK; not to be written to.
     *
     * @param result as {@link KeyFinder#find} returned it for this command
     */
    public DirectBuffer keyError(int result) {
        return keyErrors[result];
    }

    int flags() {
        return flags;
    }

    /** The name, for messages. */
    @Override
    public String toString() {
        return name;
    }
}
