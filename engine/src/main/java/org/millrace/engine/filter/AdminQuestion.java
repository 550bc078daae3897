package org.millrace.engine.filter;

import java.util.List;

/**
 * An administrative command that a client may give, on its way to the control thread.
 *
 * @param lane       the client's
 * @param exchangeId that waits for the answer
 * @param pool       index of the client's pool
 * @param client     the client's id
 * @param command    name as in the table of commands, a subcommand as {@code client|list}
 * @param words      of the request, behind the name of the command or subcommand
 */
public record AdminQuestion(int lane, long exchangeId, int pool, long client, String command, List<byte[]> words) {
    public AdminQuestion {
        words = List.copyOf(words);
    }
}
