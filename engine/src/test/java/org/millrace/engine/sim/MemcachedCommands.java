package org.millrace.engine.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes up what a client of a memcached pool asks for, on keys that nobody else uses. */
final class MemcachedCommands {
    private static final String BAD_FORMAT = "CLIENT_ERROR bad command line format";
    private static final int QUIET_MAX = 8;

    private final Scenario scenario;
    private final Random random;
    private final MemcachedModel model;
    private final RingHistory ring;
    private final String owner;
    private final int[] generations;
    private int serial;

    MemcachedCommands(Scenario scenario, Random random, MemcachedModel model, RingHistory ring, String owner) {
        this.ring = ring;
        this.scenario = scenario;
        this.random = random;
        this.model = model;
        this.owner = owner;
        generations = new int[scenario.keys * 2];
    }

    /** One request, or some that belong together: quiet ones, and what is answered behind them in any case. */
    List<MemcachedRequest> next() {
        int draw = random.nextInt(100);
        if (draw < 4) {
            return quietRun();
        }
        if (draw < 7) {
            return malformed();
        }
        return List.of(draw < 12 ? local(draw) : draw < 24 ? meta(false) : draw < 40 ? number() : stored(draw));
    }

    private MemcachedRequest stored(int draw) {
        String key = key();
        if (draw < 60) {
            return storage("set", key, data(key), null);
        } else if (draw < 66) {
            return storage("add", key, data(key), null);
        } else if (draw < 72 && model.casOf(key) != null) {
            return storage("cas", key, data(key), model.casOf(key));
        } else if (draw < 77) {
            return line(true, "delete", key);
        } else if (draw < 80) {
            return line(true, "touch", key, "100");
        } else if (draw < 88) {
            return line(false, random.nextBoolean() ? "get" : "gets", random.nextInt(4) == 0 ? numberKey() : key);
        }
        List<String> words = new ArrayList<>(List.of(random.nextBoolean() ? "get" : "gets"));
        for (int i = random.nextInt(Scenario.KEYS_MAX); i >= 0; i--) {
            words.add(random.nextInt(8) == 0 ? numberKey() : key());
        }
        return MemcachedRequest.forwarded(words, null);
    }

    private MemcachedRequest number() {
        String key = numberKey();
        return switch (random.nextInt(5)) {
            case 0 -> storage("add", key, Integer.toString(random.nextInt(1000)), null);
            case 1 -> storage("set", key, Integer.toString(random.nextInt(1000)), null);
            case 2 -> line(true, "decr", key, Integer.toString(random.nextInt(200)));
            default -> line(true, "incr", key, Integer.toString(random.nextInt(200)));
        };
    }

    private MemcachedRequest line(boolean maySilent, String... words) {
        return forwarded(new ArrayList<>(List.of(words)), null, maySilent);
    }

    private MemcachedRequest storage(String command, String key, String data, String cas) {
        List<String> words = new ArrayList<>(List.of(command, key, MemcachedModel.flagsOf(data), "0",
            Integer.toString(data.length())));
        if (cas != null) {
            words.add(cas);
        }
        return forwarded(words, data, true);
    }

    private MemcachedRequest forwarded(List<String> words, String data, boolean maySilent) {
        if (maySilent && random.nextInt(5) == 0) {
            words.add("noreply");
        }
        return MemcachedRequest.forwarded(words, data);
    }

    private MemcachedRequest meta(boolean quiet) {
        String key = key();
        List<String> words = new ArrayList<>();
        String data = null;
        int draw = random.nextInt(8);
        if (draw < 4) {
            words.addAll(List.of("mg", key));
            for (String flag : List.of("v", "f", "c", "k")) {
                if (random.nextInt(3) != 0) {
                    words.add(flag);
                }
            }
        } else if (draw < 7) {
            data = data(key);
            words.addAll(List.of("ms", key, Integer.toString(data.length()), "F" + MemcachedModel.flagsOf(data)));
            condition(words, key);
            if (words.size() == 4 && random.nextInt(4) == 0) {
                words.add("ME");
            }
        } else {
            words.addAll(List.of("md", key));
            condition(words, key);
        }
        if (quiet || random.nextBoolean()) {
            words.add("O" + serial++);
        }
        if (quiet) {
            words.add("q");
        }
        return MemcachedRequest.forwarded(words, data);
    }

    private void condition(List<String> words, String key) {
        if (model.casOf(key) != null && random.nextBoolean()) {
            words.add("C" + model.casOf(key));
        }
    }

    private List<MemcachedRequest> quietRun() {
        List<MemcachedRequest> run = new ArrayList<>();
        for (int i = random.nextInt(QUIET_MAX); i >= 0; i--) {
            run.add(meta(true));
        }
        run.add(MemcachedRequest.exact("mn\r\n", "MN"));
        return run;
    }

    private MemcachedRequest local(int draw) {
        return switch (draw) {
            case 7, 8 -> MemcachedRequest.exact("version\r\n", "VERSION 1.6.18");
            case 9 -> MemcachedRequest.exact("mn\r\n", "MN");
            case 10 -> new MemcachedRequest(MemcachedRequest.Kind.VERBOSITY, List.of("verbosity", "1"), null,
                "verbosity 1\r\n", "OK");
            default -> new MemcachedRequest(MemcachedRequest.Kind.STATS, List.of("stats"), null, "stats\r\n", null);
        };
    }

    /** Lines that no server sees; the connection stays. */
    private List<MemcachedRequest> malformed() {
        int bulk = scenario.limits.maxBulkKb << 10;
        String key = key();
        return switch (random.nextInt(12)) {
            case 0 -> exact("foo " + key + "\r\n", "ERROR");
            case 1 -> exact(random.nextBoolean() ? "get\r\n" : "\r\n", "ERROR");
            case 2 -> exact("get " + key + ' ' + "x".repeat(251) + "\r\n", BAD_FORMAT);
            case 3 -> exact("gets " + key + " a\tb\r\n", BAD_FORMAT);
            case 4 -> exact("incr " + key + "\r\n", "ERROR");
            case 5 -> exact("set " + key + " x 0 3\r\nabc\r\n", BAD_FORMAT);
            case 6 -> exact("set " + key + " 0 0 abc\r\n", BAD_FORMAT);
            case 7 -> exact("shutdown\r\n",
                "CLIENT_ERROR shutdown is not supported by this proxy: it would end a server that others use");
            case 8 -> exact("touch " + key + " 1 2 3\r\n", "ERROR");
            case 9 -> List.of(MemcachedRequest.nothing("set " + key + " x 0 3 noreply\r\nabc\r\n"));
            // the block is what its line says, and what is left of it an empty line
            case 10 -> List.of(MemcachedRequest.exact("set " + key + " 0 0 3\r\nabcde\r\n",
                "CLIENT_ERROR bad data chunk"), MemcachedRequest.exact("", "ERROR"));
            default -> bulk > 64 << 10 ? exact("bar\r\n", "ERROR") : exact("set " + key + " 0 0 " + (bulk + 1)
                + "\r\n" + "x".repeat(bulk + 1) + "\r\n", "SERVER_ERROR object too large for cache");
        };
    }

    private static List<MemcachedRequest> exact(String text, String reply) {
        return List.of(MemcachedRequest.exact(text, reply));
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
        ring.begin(key);
        return key;
    }

    /** No two are alike; some hold what looks like the end of a reply. */
    private String data(String key) {
        int length = random.nextDouble() < scenario.large
            ? scenario.valueMax / 4 + random.nextInt(scenario.valueMax / 4 * 3) : random.nextInt(60);
        char filler = (char) ('a' + serial % 26);
        return key + "/" + serial++ + "/" + (random.nextInt(8) == 0 ? "\r\nEND\r\nSTORED\r\n" : "")
            + String.valueOf(filler).repeat(length) + ";";
    }
}
