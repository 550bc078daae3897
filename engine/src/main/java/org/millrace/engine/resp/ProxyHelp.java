package org.millrace.engine.resp;

import java.util.List;

/** PROXY HELP: commands that no Redis has are told in full. */
final class ProxyHelp {
    private static final List<String> LINES = List.of(
        "PROXY <subcommand> [<arg> ...]. Subcommands are:",
        "BIGKEYS [<count>]", "    Keys of the largest requests and replies of the last minute.",
        "HOTKEYS [<count>]", "    Keys that clients ask for most.",
        "SERVERS", "    The servers of the pool of this port, and what is counted for each.",
        "STATS", "    What is counted for the pool of this port.",
        "TOP [<count>]", "    Addresses of clients that ask most or move most bytes.",
        "WHERE <key>", "    The server of the pool that has the key, whether or not the key is there.",
        "HELP", "    Print this help.");

    private ProxyHelp() {
    }

    static void answer(LocalCall call) {
        ReplyText text = new ReplyText().array(LINES.size());
        LINES.forEach(text::status);
        call.reply(text.ready());
    }
}
