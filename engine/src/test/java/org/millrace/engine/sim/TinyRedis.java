package org.millrace.engine.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** As much of Redis as the simulated clients ask for. */
final class TinyRedis implements ServerTalk {
    private static final String[] GARBAGE = {"@@@\r\n", ":12x\r\n", "$-7\r\n", "*99999999999\r\n", "$3\r\nabcdef\r\n",
        "\n", ":\r\n", "*-2\r\n", "$\r\n"};

    private final Map<String, String> values = new HashMap<>();

    @Override
    public List<String> take(Bytes received) {
        Reply request = Reply.take(received);
        if (request == null) {
            return null;
        }
        if (request.elements() == null || request.elements().isEmpty()) {
            throw new IllegalArgumentException(request.toString());
        }
        List<String> words = request.elements().stream().map(Reply::text).toList();
        String name = words.getFirst().toLowerCase(Locale.ROOT);
        if (name.startsWith("nosuch") || name.equals("select") && words.size() != 2) {
            throw new IllegalArgumentException("not for a server: " + request);
        }
        return words;
    }

    @Override
    public List<String> keys(List<String> words) {
        return switch (words.getFirst().toUpperCase(Locale.ROOT)) {
            case "GET", "SET", "INCR", "APPEND" -> words.subList(1, 2);
            case "MGET", "DEL", "EXISTS" -> words.subList(1, words.size());
            case "MSET" -> {
                List<String> keys = new ArrayList<>();
                for (int i = 1; i < words.size(); i += 2) {
                    keys.add(words.get(i));
                }
                yield keys;
            }
            default -> List.of();
        };
    }

    @Override
    public boolean isProbe(List<String> words) {
        return words.getFirst().equals("PING");
    }

    @Override
    public String busy() {
        return "-LOADING Redis is loading the dataset in memory\r\n";
    }

    @Override
    public String error(Random random) {
        return "-ERR " + Failures.UNWILLING + "\r\n";
    }

    @Override
    public String garbage(Random random) {
        return GARBAGE[random.nextInt(GARBAGE.length)];
    }

    @Override
    public String stray() {
        return "+STRAY\r\n";
    }

    @Override
    public String execute(List<String> words) {
        return switch (words.getFirst().toUpperCase(Locale.ROOT)) {
            case "GET" -> Reply.bulk(values.get(words.get(1)));
            case "SET" -> set(words, 1);
            case "MSET" -> mset(words);
            case "MGET" -> mget(words);
            case "INCR" -> incr(words.get(1));
            case "APPEND" -> ":" + values.merge(words.get(1), words.get(2), String::concat).length() + "\r\n";
            case "DEL" -> ":" + words.stream().skip(1).filter(key -> values.remove(key) != null).count() + "\r\n";
            case "EXISTS" -> ":" + words.stream().skip(1).filter(values::containsKey).count() + "\r\n";
            case "AUTH", "SELECT" -> "+OK\r\n";
            case "PING" -> "+PONG\r\n";
            default -> "-ERR unknown command\r\n";
        };
    }

    private String set(List<String> words, int at) {
        values.put(words.get(at), words.get(at + 1));
        return "+OK\r\n";
    }

    private String mset(List<String> words) {
        for (int i = 1; i < words.size(); i += 2) {
            set(words, i);
        }
        return "+OK\r\n";
    }

    private String mget(List<String> words) {
        StringBuilder reply = new StringBuilder("*" + (words.size() - 1) + "\r\n");
        words.stream().skip(1).forEach(key -> reply.append(Reply.bulk(values.get(key))));
        return reply.toString();
    }

    private String incr(String key) {
        long value = Long.parseLong(values.getOrDefault(key, "0")) + 1;
        values.put(key, Long.toString(value));
        return ":" + value + "\r\n";
    }
}
