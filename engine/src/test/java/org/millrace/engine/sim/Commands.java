package org.millrace.engine.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes up what a client asks for, on keys that nobody else uses. */
final class Commands {
    private final Scenario scenario;
    private final Random random;
    private final KeyModel model;
    private final RingHistory ring;
    private final String owner;
    private final int[] generations;
    /** For each key: a server holds no longer a value of it, whichever of the requests under way are carried out. */
    private final int[] longest;
    private int serial;

    Commands(Scenario scenario, Random random, KeyModel model, RingHistory ring, String owner) {
        this.ring = ring;
        this.scenario = scenario;
        this.random = random;
        this.model = model;
        this.owner = owner;
        generations = new int[scenario.keys * 2];
        longest = new int[scenario.keys * 2];
    }

    Request next() {
        int draw = random.nextInt(100);
        if (draw < 25) {
            return Request.forwarded(List.of("GET", anyKey()));
        } else if (draw < 45) {
            int index = index();
            String key = name(index, "");
            return Request.forwarded(List.of("SET", key, written(index, key)));
        } else if (draw < 52) {
            return Request.forwarded(List.of("INCR", numberKey()));
        } else if (draw < 60) {
            return Request.forwarded(append());
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
        for (int i = random.nextInt(Scenario.KEYS_MAX); i >= 0; i--) {
            words.add(key());
        }
        return words;
    }

    private List<String> mset() {
        List<String> words = new ArrayList<>(List.of("MSET"));
        for (int i = random.nextInt(Scenario.VALUES_MAX); i >= 0; i--) {
            int index = index();
            String key = name(index, "");
            words.add(key);
            words.add(written(index, key));
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
        return name(index(), "");
    }

    private int index() {
        return scenario.keys + random.nextInt(scenario.keys);
    }

    /** Makes a value longer, or leaves its key alone when it might become longer than servers may hold. */
    private List<String> append() {
        int index = index();
        String key = name(index, "");
        String more = value(key);
        if (longest[index] + more.length() > scenario.storedMax) {
            generations[index]++;
            longest[index] = 0;
            return List.of("DEL", key);
        }
        longest[index] += more.length();
        return List.of("APPEND", key, more);
    }

    private String written(int index, String key) {
        String value = value(key);
        longest[index] = Math.max(longest[index], value.length());
        return value;
    }

    /** A key that has become unknown is left alone, and a fresh one takes its place. */
    private String name(int index, String suffix) {
        String key = owner + "k" + index + "g" + generations[index] + suffix;
        if (model.isUnknown(key) && random.nextInt(4) != 0) {
            generations[index]++;
            longest[index] = 0;
            return name(index, suffix);
        }
        ring.begin(key);
        return key;
    }

    private String value(String key) {
        int length = random.nextDouble() < scenario.large
            ? scenario.valueMax / 4 + random.nextInt(scenario.valueMax / 4 * 3) : random.nextInt(60);
        char filler = (char) ('a' + serial % 26);
        return key + "/" + serial++ + "/" + String.valueOf(filler).repeat(length) + ";";
    }
}
