package org.millrace.engine.sim;

/** Decides whether a reply is the right one for a request. */
final class ReplyCheck {
    private static final String PREFIX = "ERR ";

    private final Simulation simulation;
    private final Scenario scenario;
    private final Failures failures;
    private final KeyModel model;
    private final String who;

    ReplyCheck(Simulation simulation, KeyModel model, String who) {
        this.simulation = simulation;
        this.scenario = simulation.scenario;
        failures = new Failures(scenario);
        this.model = model;
        this.who = who;
    }

    String who() {
        return who;
    }

    /** A new client may be refused when memory is short; it is told so before it has asked for anything. */
    boolean isRefusal(Reply reply) {
        return reply.isError() && failures.isRefusal(cause(reply));
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
            && cause(reply).equals(Failures.NO_MEMORY);
    }

    private String forwarded(Request request, Reply reply) {
        if (reply.isError()) {
            model.failed(request.words());
            return failures.mayBe(cause(reply)) ? null : "no such failure was to be expected";
        }
        if (scenario.serverStray > 0) {
            // a stray reply cannot be told from the one to a request that was sent meanwhile
            model.failed(request.words());
            return null;
        }
        return model.answered(request.words(), reply);
    }

    /** What an error tells. */
    static String cause(Reply error) {
        return error.text().startsWith(PREFIX) ? error.text().substring(PREFIX.length()) : "not " + PREFIX + error;
    }
}
