package org.millrace.engine.sim;

import java.util.Set;

/** Decides whether a reply is the right one for a request. */
final class ReplyCheck {
    private static final String NO_MEMORY = "ERR Cannot allocate memory";
    private static final String OVERLOADED = "ERR overloaded: the request waited longer than queue_timeout";
    private static final String SHARE_FULL =
        "ERR overloaded: no more memory for requests that wait for this server";
    private static final String SHED =
        "ERR overloaded: memory is short, and the request waited for a server that does nothing";
    private static final String HELD_UP = "ERR the reply has waited too long for the replies before it";
    private static final String REFUSED = "ERR max memory reached, try again later";
    /** How the proxy tells that a server, not the request, was at fault. */
    private static final Set<String> FAILURES = Set.of("ERR unknown", "ERR Connection refused",
        "ERR Connection reset by peer", "ERR Broken pipe", "ERR Connection timed out", "ERR Invalid argument",
        NO_MEMORY, OVERLOADED, SHED);

    private final Simulation simulation;
    private final Scenario scenario;
    private final KeyModel model;
    private final String who;

    ReplyCheck(Simulation simulation, KeyModel model, String who) {
        this.simulation = simulation;
        this.scenario = simulation.scenario;
        this.model = model;
        this.who = who;
    }

    String who() {
        return who;
    }

    /** A new client may be refused when memory is short; it is told so before it has asked for anything. */
    boolean isRefusal(Reply reply) {
        return scenario.shortOfMemory && reply.isError() && reply.text().equals(REFUSED);
    }

    void check(Request request, Reply reply) {
        if (isRefusal(reply)) {
            // a new client, which is closed now
            model.failed(request.words());
            return;
        }
        String wrong = switch (request.kind()) {
            case FORWARDED -> forwarded(request, reply);
            case EXACT, QUIT -> (reply.type() + reply.text()).equals(request.reply()) || echoLacksMemory(request, reply)
                ? null : "expected " + request.reply();
            case ERROR, BROKEN -> reply.isError() && reply.text().startsWith(request.reply()) ? null
                : "expected -" + request.reply();
        };
        if (wrong != null) {
            simulation.findings.wrong(who + ": " + request + " got " + reply + ": " + wrong);
        }
    }

    /** A large word is echoed from memory of the arena, which may be used up. */
    private boolean echoLacksMemory(Request request, Reply reply) {
        return scenario.shortOfMemory && request.words().getFirst().equals("ECHO") && reply.isError()
            && reply.text().equals(NO_MEMORY);
    }

    private String forwarded(Request request, Reply reply) {
        if (reply.isError()) {
            model.failed(request.words());
            return mayFail(reply.text()) ? null : "no such failure was to be expected";
        }
        if (scenario.serverStray > 0) {
            // a stray reply cannot be told from the one to a request that was sent meanwhile
            model.failed(request.words());
            return null;
        }
        return model.answered(request.words(), reply);
    }

    private boolean mayFail(String text) {
        if (text.equals(HELD_UP)) {
            // of a client whose earlier reply is slow, from a server that need not fail for it
            return true;
        }
        if (text.equals(SHARE_FULL)) {
            // servers that are well let requests wait, too
            return scenario.shortOfMemory;
        }
        if (!scenario.serversFail() || !FAILURES.contains(text)) {
            return false;
        }
        return switch (text) {
            case "ERR Connection timed out" -> scenario.timeoutMs > 0;
            case OVERLOADED -> scenario.limits.queueTimeoutMs > 0;
            case NO_MEMORY, SHED -> scenario.shortOfMemory;
            case "ERR Invalid argument" -> scenario.serverGarbage > 0 || scenario.serverStray > 0;
            default -> true;
        };
    }
}
