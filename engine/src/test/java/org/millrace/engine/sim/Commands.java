package org.millrace.engine.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes up what a client asks for, on keys that nobody else uses. */
final class Commands {
    /** A value that APPEND made longer is deleted: max_bulk is 256 KiB. */
    private static final int VALUE_MAX = 120_000;

    private final Scenario scenario;
    private final Random random;
    private final KeyModel model;
    private final String owner;
    private final int[] generations;
    private int serial;

    Commands(Scenario scenario, Random random, KeyModel model, String owner) {
        this.scenario = scenario;
        this.random = random;
        this.model = model;
        this.owner = owner;
        generations = new int[scenario.keys * 2];
    }

    Request next() {
        int draw = random.nextInt(100);
        if (draw < 25) {
            return Request.forwarded(List.of("GET", anyKey()));
        } else if (draw < 45) {
            String key = key();
            return Request.forwarded(List.of("SET", key, value(key)));
        } else if (draw < 52) {
            return Request.forwarded(List.of("INCR", numberKey()));
        } else if (draw < 60) {
            String key = key();
            return model.length(key) > VALUE_MAX ? Request.forwarded(List.of("DEL", key))
                : Request.forwarded(List.of("APPEND", key, value(key)));
        } else if (draw < 68) {
            return Request.forwarded(manyKeys("MGET"));
        } else if (draw < 75) {
            return Request.forwarded(mset());
        } else if (draw < 80) {
            return Request.forwarded(manyKeys("DEL"));
        } else if (draw < 84) {
            return Request.forwarded(manyKeys("EXISTS"));
        }
        return local(draw);
    }

    private Request local(int draw) {
        if (draw < 88) {
            return new Request(Request.Kind.EXACT, List.of("PING"), "+PONG");
        } else if (draw < 92) {
            String text = value(owner);
            return new Request(Request.Kind.EXACT, List.of("ECHO", text), "$" + text);
        } else if (draw < 94) {
            return new Request(Request.Kind.ERROR, List.of("NOSUCHCOMMAND", key(), "x".repeat(random.nextInt(300))),
                "ERR unknown command");
        } else if (draw < 96) {
            return new Request(Request.Kind.ERROR, List.of("GET"), "ERR wrong number of arguments");
        } else if (draw < 98) {
            return new Request(Request.Kind.ERROR, List.of("SUBSCRIBE", "news"), "");
        }
        return new Request(Request.Kind.ERROR, List.of("SELECT", "7"), "ERR DB index");
    }

    /** True if the request can be sent as one line. */
    boolean canBeInline(Request request) {
        return request.words().stream().mapToInt(String::length).sum() < 500
            && request.words().stream().noneMatch(String::isEmpty);
    }

    private List<String> manyKeys(String command) {
        List<String> words = new ArrayList<>(List.of(command));
        for (int i = random.nextInt(20); i >= 0; i--) {
            words.add(key());
        }
        return words;
    }

    private List<String> mset() {
        List<String> words = new ArrayList<>(List.of("MSET"));
        for (int i = random.nextInt(8); i >= 0; i--) {
            String key = key();
            words.add(key);
            words.add(value(key));
        }
        return words;
    }

    private String anyKey() {
        return random.nextInt(4) == 0 ? numberKey() : key();
    }

    private String numberKey() {
        return name(random.nextInt(scenario.keys), "n");
    }

    private String key() {
        return name(scenario.keys + random.nextInt(scenario.keys), "");
    }

    /** A key that has become unknown is left alone, and a fresh one takes its place. */
    private String name(int index, String suffix) {
        String key = owner + "k" + index + "g" + generations[index] + suffix;
        if (model.isUnknown(key) && random.nextInt(4) != 0) {
            generations[index]++;
            return name(index, suffix);
        }
        return key;
    }

    private String value(String key) {
        int length = random.nextDouble() < scenario.large
            ? 10_000 + random.nextInt(scenario.valueMax) : random.nextInt(60);
        char filler = (char) ('a' + serial % 26);
        return key + "/" + serial++ + "/" + String.valueOf(filler).repeat(length) + ";";
    }
}
