package org.millrace.engine.sim;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** As much of Redis as the simulated clients ask for. */
final class TinyRedis {
    private final Map<String, String> values = new HashMap<>();

    /** Executes a request; returns the reply as it is sent. */
    String execute(List<String> words) {
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
