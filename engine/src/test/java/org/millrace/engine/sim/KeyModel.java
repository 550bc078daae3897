package org.millrace.engine.sim;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a client knows of its own keys, brought up to date with each reply in order. A write that failed may have been
 * executed or not, or may still be: its keys are unknown from then on, and what is read can only be checked to have
 * been written there once. So are keys that have been on several servers. Each value consists of pieces that begin with
 * the name of their key and end with a semicolon.
 */
final class KeyModel {
    private final Map<String, String> values = new HashMap<>();
    private final Set<String> unknown = new HashSet<>();
    private final RingHistory ring;

    KeyModel(RingHistory ring) {
        this.ring = ring;
    }

    boolean isUnknown(String key) {
        return unknown.contains(key) || ring.isMoved(key);
    }

    /** The request has failed. */
    void failed(List<String> words) {
        switch (words.getFirst()) {
            case "SET", "INCR", "APPEND" -> unknown.add(words.get(1));
            case "DEL" -> unknown.addAll(words.subList(1, words.size()));
            case "MSET" -> {
                for (int i = 1; i < words.size(); i += 2) {
                    unknown.add(words.get(i));
                }
            }
            default -> {
                // reading changes nothing
            }
        }
    }

    /** Takes a reply that is no error; returns what is wrong with it, or null. */
    String answered(List<String> words, Reply reply) {
        String key = words.size() > 1 ? words.get(1) : "";
        return switch (words.getFirst()) {
            case "GET" -> read(key, reply);
            case "SET", "MSET" -> written(words, reply);
            case "INCR" -> incremented(key, reply);
            case "APPEND" -> appended(key, words.get(2), reply);
            case "MGET" -> readMany(words, reply);
            case "DEL" -> counted(words, reply, true);
            case "EXISTS" -> counted(words, reply, false);
            default -> "not in the model";
        };
    }

    private String read(String key, Reply reply) {
        if (reply.type() != '$') {
            return "no bulk";
        }
        if (!isUnknown(key)) {
            return java.util.Objects.equals(values.get(key), reply.text()) ? null
                : "expected " + new Reply('$', values.get(key), null);
        }
        if (reply.text() == null) {
            return null;
        }
        for (String piece : reply.text().split(";")) {
            if (!piece.startsWith(key + "/") && !key.endsWith("n")) {
                return "never written to " + key;
            }
        }
        return null;
    }

    private String readMany(List<String> words, Reply reply) {
        if (reply.type() != '*' || reply.elements().size() != words.size() - 1) {
            return "no array of " + (words.size() - 1);
        }
        for (int i = 1; i < words.size(); i++) {
            String wrong = read(words.get(i), reply.elements().get(i - 1));
            if (wrong != null) {
                return words.get(i) + ": " + wrong;
            }
        }
        return null;
    }

    private String written(List<String> words, Reply reply) {
        for (int i = 1; i < words.size(); i += 2) {
            values.put(words.get(i), words.get(i + 1));
        }
        return reply.type() == '+' && reply.text().equals("OK") ? null : "expected +OK";
    }

    private String incremented(String key, Reply reply) {
        if (reply.type() != ':') {
            return "no integer";
        }
        if (isUnknown(key)) {
            return null;
        }
        String value = Long.toString(Long.parseLong(values.getOrDefault(key, "0")) + 1);
        values.put(key, value);
        return reply.text().equals(value) ? null : "expected :" + value;
    }

    private String appended(String key, String more, Reply reply) {
        if (reply.type() != ':') {
            return "no integer";
        }
        if (isUnknown(key)) {
            return null;
        }
        int length = values.merge(key, more, String::concat).length();
        return Integer.parseInt(reply.text()) == length ? null : "expected :" + length;
    }

    private String counted(List<String> words, Reply reply, boolean delete) {
        if (reply.type() != ':') {
            return "no integer";
        }
        int known = 0;
        int doubtful = 0;
        for (String key : words.subList(1, words.size())) {
            if (isUnknown(key)) {
                doubtful++;
            } else if (delete ? values.remove(key) != null : values.containsKey(key)) {
                known++;
            }
        }
        int count = Integer.parseInt(reply.text());
        return count >= known && count <= known + doubtful ? null
            : "expected " + known + ".." + (known + doubtful);
    }
}
