package org.millrace.engine.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A client of a memcached pool. Quiet requests come in runs with one behind them that is always answered: until then it
 * is not known which of them have failed, if some have, as failures do not tell.
 */
final class MemcachedTalk implements ClientTalk {
    private static final String[] BROKEN = {"\u0080\u0000\u0000\u0003", "set k 0 0 +5\r\n", "set k 0 0 4294967301\r\n",
        "touch " + "x".repeat(2100)};

    private final Scenario scenario;
    private final Random random;
    private final Simulation simulation;
    private final Findings findings;
    private final Failures failures;
    private final RefusalCheck refusals;
    private final MemcachedModel model;
    private final MemcachedCommands commands;
    private final String who;
    private final ArrayDeque<MemcachedRequest> awaited = new ArrayDeque<>();
    /** Of the quiet requests that are first in line. */
    private int quietFailures;

    MemcachedTalk(Simulation simulation, Random random, String who, String owner) {
        this.simulation = simulation;
        this.scenario = simulation.scenario;
        this.random = random;
        this.who = who;
        findings = simulation.findings;
        refusals = new RefusalCheck(simulation);
        failures = new Failures(scenario);
        model = new MemcachedModel(!scenario.serversFail(), simulation.ring());
        commands = new MemcachedCommands(scenario, random, model, simulation.ring(), owner);
    }

    @Override
    public String greeting() {
        return "";
    }

    @Override
    public String next() {
        StringBuilder text = new StringBuilder();
        for (MemcachedRequest request : commands.next()) {
            text.append(ask(request));
        }
        return text.toString();
    }

    /** Sends a request and awaits what it is to bring. */
    String ask(MemcachedRequest request) {
        simulation.sent(request.text().length());
        awaited.add(request);
        if (request.kind() == MemcachedRequest.Kind.FORWARDED && !request.isQuiet() && !request.isSilent()
            && (request.words().size() == 2 || !request.command().startsWith("get"))) {
            refusals.asked(request, request.key());
        }
        if (request.isSilent()) {
            simulation.sentSilent();
        }
        passSilent();
        return request.text();
    }

    @Override
    public String broken() {
        if (random.nextInt(4) == 0) {
            return ask(MemcachedRequest.nothing("GET / HTTP/1.1\r\n"));
        }
        String text = BROKEN[random.nextInt(BROKEN.length)];
        return ask(new MemcachedRequest(MemcachedRequest.Kind.BROKEN, List.of(), null, text, "CLIENT_ERROR "));
    }

    @Override
    public String quit() {
        return ask(MemcachedRequest.nothing("quit\r\n"));
    }

    @Override
    public String tooMuch() {
        return "version\r\n";
    }

    @Override
    public int awaited() {
        return awaited.size();
    }

    @Override
    public Object due() {
        return awaited.peek();
    }

    @Override
    public boolean take(Bytes received) {
        MemcachedReply reply = MemcachedReply.take(received);
        if (reply != null) {
            findings.event(reply.line().hashCode());
            onReply(reply);
        }
        return reply != null;
    }

    void onReply(MemcachedReply reply) {
        boolean refused = reply.isFailure() && failures.isRefusal(reply.cause());
        MemcachedRequest first = awaited.peek();
        if (refused) {
            // a new client, which is closed now
            if (first != null) {
                model.failed(awaited.poll());
            }
        } else if (first == null) {
            wrong("got a reply that it did not ask for", reply);
        } else if (first.isQuiet()) {
            onReplyToQuiet(reply);
        } else {
            check(awaited.poll(), reply);
        }
        passSilent();
    }

    /** Whatever is in order before the next reply and never gets one. */
    private void passSilent() {
        while (!awaited.isEmpty() && awaited.peek().isSilent()) {
            model.silent(awaited.poll());
        }
    }

    private void onReplyToQuiet(MemcachedReply reply) {
        if (reply.isFailure()) {
            quietFailures++;
            checkFailure(awaited.peek(), reply);
            long quiet = awaited.stream().takeWhile(MemcachedRequest::isQuiet).count();
            if (quietFailures > quiet) {
                wrong("has failed more often than it has asked", reply);
            }
            return;
        }
        String opaque = reply.flag('O');
        List<MemcachedRequest> before = new ArrayList<>();
        while (!awaited.isEmpty() && awaited.peek().isQuiet()
            && (opaque == null || !opaque.equals(awaited.peek().flag('O')))) {
            before.add(awaited.poll());
        }
        keptQuiet(before);
        MemcachedRequest request = awaited.poll();
        if (request == null || request.isQuiet() && isUsual(request, reply.type())) {
            wrong("was told what was to be kept quiet about, or to nobody", reply);
        } else {
            check(request, reply);
        }
    }

    private static boolean isUsual(MemcachedRequest request, String type) {
        return type.equals(request.command().equals("mg") ? "EN" : "HD");
    }

    /** These have not been answered: either they have gone well or failed; of some failures nobody knows whose. */
    private void keptQuiet(List<MemcachedRequest> requests) {
        if (quietFailures > requests.size()) {
            findings.wrong(who + " has " + quietFailures + " failures for " + requests.size() + " quiet requests");
        }
        for (MemcachedRequest request : requests) {
            String wrong = null;
            if (quietFailures == 0) {
                wrong = model.silent(request);
            } else {
                model.failed(request);
            }
            if (wrong != null) {
                findings.wrong(who + ": " + request + " got nothing: " + wrong);
            }
        }
        quietFailures = 0;
    }

    private void check(MemcachedRequest request, MemcachedReply reply) {
        String refusal = refusals.answered(request, reply.isFailure() ? reply.cause() : null);
        String wrong = refusal != null ? refusal : switch (request.kind()) {
            case EXACT -> reply.line().equals(request.reply()) && reply.values().isEmpty() ? null
                : "expected " + request.reply();
            case BROKEN -> reply.line().startsWith(request.reply()) && reply.values().isEmpty() ? null
                : "expected an error of the protocol";
            case NOTHING -> "expected nothing";
            default -> null;
        };
        if (wrong == null && request.kind() != MemcachedRequest.Kind.EXACT
            && request.kind() != MemcachedRequest.Kind.BROKEN) {
            if (reply.isFailure()) {
                model.failed(request);
                checkFailure(request, reply);
                return;
            }
            wrong = switch (request.kind()) {
                case VERBOSITY -> reply.line().equals(request.reply()) ? null : "expected OK";
                case STATS -> ofAll(reply);
                default -> model.answered(request, reply);
            };
        }
        if (wrong != null) {
            findings.wrong(who + ": " + request + " got " + reply + ": " + wrong);
        }
    }

    /** Each server has counted once. */
    private String ofAll(MemcachedReply reply) {
        return reply.line().equals("END") && reply.values().size() == 1
            && reply.values().getFirst().data().equals(Integer.toString(scenario.servers)) ? null
            : "expected all " + scenario.servers + " servers";
    }

    private void checkFailure(MemcachedRequest request, MemcachedReply reply) {
        if (!failures.mayBe(reply.cause())) {
            findings.wrong(who + ": " + request + " got " + reply + ": no such failure was to be expected");
        }
    }

    private void wrong(String what, MemcachedReply reply) {
        findings.wrong(who + " " + what + ": " + reply);
    }
}
