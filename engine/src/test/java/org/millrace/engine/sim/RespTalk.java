package org.millrace.engine.sim;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A client of a Redis pool. */
final class RespTalk implements ClientTalk {
    private static final String[] BROKEN = {"*1\r\nfoo\r\n", "*2\r\n$3\r\nGET\r\n:5\r\n", "*x\r\n", "*1\r\n$-5\r\n",
        "*1\r\n$999999999\r\n", "SET a \"b\r\n"};

    private static final Set<String> ONE_KEY = Set.of("GET", "SET", "INCR", "APPEND");

    private final Simulation simulation;
    private final Scenario scenario;
    private final Random random;
    private final Commands commands;
    private final ReplyCheck check;
    private final RefusalCheck refusals;
    private final ArrayDeque<Request> awaited = new ArrayDeque<>();

    RespTalk(Simulation simulation, Random random, String who, String owner) {
        this.simulation = simulation;
        this.scenario = simulation.scenario;
        this.random = random;
        KeyModel model = new KeyModel(simulation.ring());
        refusals = new RefusalCheck(simulation);
        check = new ReplyCheck(simulation, model, who);
        commands = new Commands(scenario, random, model, simulation.ring(), owner);
    }

    @Override
    public String greeting() {
        return scenario.auth ? ask(new Request(Request.Kind.EXACT, List.of("AUTH", Scenario.PASSWORD), "+OK"), false)
            : "";
    }

    @Override
    public String next() {
        Request request = commands.next();
        return ask(request, random.nextInt(10) == 0 && commands.canBeInline(request));
    }

    @Override
    public String broken() {
        String text = random.nextInt(3) == 0 ? tooLarge() : BROKEN[random.nextInt(BROKEN.length)];
        awaited.add(new Request(Request.Kind.BROKEN,
            List.of("broken protocol", text.substring(0, Math.min(text.length(), 80))), "ERR Protocol error"));
        return text;
    }

    @Override
    public String quit() {
        return ask(new Request(Request.Kind.QUIT, List.of("QUIT"), "+OK"), random.nextBoolean());
    }

    @Override
    public String tooMuch() {
        return Reply.request(List.of("PING"));
    }

    /** A request beyond max_bulk, or beyond max_message though each of its values is allowed. */
    private String tooLarge() {
        int bulk = scenario.limits.maxBulkKb << 10;
        int message = scenario.limits.maxMessageKb << 10;
        if (message > 256 << 10 || random.nextBoolean()) {
            return "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$" + (bulk + 1) + "\r\n" + "x".repeat(random.nextInt(bulk));
        }
        int values = message / bulk + 1;
        StringBuilder text = new StringBuilder("*" + (1 + 2 * values) + "\r\n$4\r\nMSET\r\n");
        for (int i = 0; i < values; i++) {
            text.append(Reply.bulk("k")).append(Reply.bulk("x".repeat(bulk)));
        }
        return text.toString();
    }

    private String ask(Request request, boolean inline) {
        awaited.add(request);
        if (request.kind() == Request.Kind.FORWARDED && ONE_KEY.contains(request.words().getFirst())) {
            refusals.asked(request, request.words().get(1));
        }
        String text = Reply.request(request.words());
        simulation.sent(text.length());
        String sent = inline ? String.join(" ", request.words()) + "\r\n" : text;
        return random.nextInt(50) == 0 && !request.ends() ? sent + "\r\n" : sent;
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
        Reply reply = Reply.take(received);
        if (reply == null) {
            return false;
        }
        simulation.findings.event(reply.type());
        Request request = awaited.poll();
        if (request != null) {
            String wrong = refusals.answered(request, reply.isError() ? ReplyCheck.cause(reply) : null);
            if (wrong != null && !check.isRefusal(reply)) {
                simulation.findings.wrong(check.who() + ": " + request + " got " + reply + ": " + wrong);
            }
            check.check(request, reply);
        } else if (!check.isRefusal(reply)) {
            simulation.findings.wrong(check.who() + " got a reply that it did not ask for: " + reply);
        }
        return true;
    }
}
