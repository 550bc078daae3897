package org.millrace.engine.resp;

import java.util.List;
import java.util.Locale;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.filter.AdminQuestion;
import org.millrace.engine.filter.ControlQuestions;

/**
 * Commands about the proxy itself: looks whether this client may give them, and hands them to the control thread. What
 * they do stands there, in {@code control.admin}. Client half's thread.
 */
final class AdminQuestions {
    /** More words than this no such command needs. */
    static final int MAX_WORDS = 1024;
    /** Nor longer ones, all together. */
    static final int MAX_BYTES = 64 << 10;

    /** These only tell: {@code admin_commands: read} is enough. */
    private static final List<String> READ = List.of("client|list", "config|get", "proxy|stats", "proxy|servers",
        "proxy|where", "proxy|hotkeys", "proxy|bigkeys", "proxy|top", "slowlog|get", "slowlog|len",
        "latency|histogram");
    /** These change something: they take {@code admin_commands: all}. */
    private static final List<String> CHANGE = List.of("client|kill", "config|set", "slowlog|reset");

    private final ControlQuestions control;

    private AdminQuestions(ControlQuestions control) {
        this.control = control;
    }

    static void register(LocalCommands table, ControlQuestions control) {
        AdminQuestions questions = new AdminQuestions(control);
        table.put("proxy", call -> call.reply(call.command().arityError()));
        table.put("proxy|help", ProxyHelp::answer);
        READ.forEach(name -> table.put(name, call -> questions.ask(call, false)));
        CHANGE.forEach(name -> table.put(name, call -> questions.ask(call, true)));
    }

    private void ask(LocalCall call, boolean changing) {
        String name = call.command().name();
        if (!call.pool().allowsAdmin(changing)) {
            call.count(ClientHalfCounter.ADMIN_REFUSED);
            call.error("NOPERM '" + name.replace('|', ' ').toUpperCase(Locale.ROOT) + "' is for administrators: the "
                + "pool of this port needs 'admin_commands: " + (changing ? "all" : "read") + "'");
            return;
        }
        int first = name.indexOf('|') < 0 ? 1 : 2;
        if (call.words() - first > MAX_WORDS) {
            call.error("ERR too many words, at most " + MAX_WORDS);
            return;
        }
        List<byte[]> words = call.wordsFrom(first, MAX_BYTES);
        if (words == null) {
            call.error("ERR words are too long, at most " + MAX_BYTES + " bytes together");
            return;
        }
        call.count(ClientHalfCounter.ADMIN_COMMANDS);
        if (!control.administer(new AdminQuestion(call.lane(), call.exchangeId(), call.session().pool(),
            call.session().id(), name, words))) {
            call.error("ERR the control thread is busy, ask again");
        }
    }
}
