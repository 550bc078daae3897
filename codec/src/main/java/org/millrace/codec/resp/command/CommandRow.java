package org.millrace.codec.resp.command;

/**
 * One line of the table.
 *
 * @param name      in lower case; a subcommand as {@code container|sub}
 * @param group     the head it stands under
 * @param arity     Redis's convention
 * @param flags     bits of {@link CommandFlag}
 * @param keys      which words are keys
 * @param treatment what the proxy does
 * @param reason    why it is refused, or empty
 */
record CommandRow(String name, String group, int arity, int flags, KeySpec keys, Treatment treatment, String reason) {
    /** The container's name, or null if this is no subcommand. */
    String container() {
        final int bar = name.indexOf('|');
        return bar < 0 ? null : name.substring(0, bar);
    }
}
