package org.millrace.engine.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * What a client knows of its own keys, brought up to date with each reply in order. What was written without an answer
 * may have been executed or not, or may still be: it is one of the values that may be there. Values are never written
 * twice, and begin with the name of their key, or are numbers.
 */
final class MemcachedModel {
    private static final int DOUBTS_MAX = 2;

    private final Map<String, Item> items = new HashMap<>();
    /** What nobody answers is executed all the same. */
    private final boolean serversAreWell;
    private final RingHistory ring;

    /** What may be there. */
    private static final class Item {
        /** As last answered; null = nothing. */
        String value;
        /** The number that came with it, null if it has not been seen. */
        String cas;
        /** Others that may be there or may come to be there; null among them = nothing. */
        final List<String> doubts = new ArrayList<>();
        /** Whatever a client may write to this key may be there. */
        boolean any;

        boolean isKnown() {
            return doubts.isEmpty() && !any;
        }

        boolean mayBe(Predicate<String> what) {
            return any || what.test(value) || doubts.stream().anyMatch(what);
        }

        void is(String now) {
            if (!Objects.equals(value, now)) {
                cas = null;
                if (now != null) {
                    doubts.remove(now);
                }
            }
            value = now;
        }

        void written(String now) {
            value = now;
            cas = null;
        }
    }

    MemcachedModel(boolean serversAreWell, RingHistory ring) {
        this.serversAreWell = serversAreWell;
        this.ring = ring;
    }

    private Item item(String key) {
        Item item = items.computeIfAbsent(key, fresh -> new Item());
        item.any |= ring.isMoved(key);
        return item;
    }

    /** Too much may be there for replies to tell much. */
    boolean isUnknown(String key) {
        Item item = items.get(key);
        return ring.isMoved(key) || item != null && (item.any || item.doubts.size() > DOUBTS_MAX);
    }

    /** The number that a value of this key came with last; null if none has. */
    String casOf(String key) {
        Item item = items.get(key);
        return item == null ? null : item.cas;
    }

    /** The flags that go with a value. */
    static String flagsOf(String data) {
        return Integer.toString(data.endsWith(";") ? data.length() % 977 : 0);
    }

    /** The request has failed: it may have been executed. */
    void failed(MemcachedRequest request) {
        switch (request.command()) {
            case "set", "add", "cas", "ms" -> item(request.key()).doubts.add(request.data());
            case "incr", "decr" -> item(request.key()).any = true;
            case "delete", "md" -> item(request.key()).doubts.add(null);
            default -> {
                // reading changes nothing
            }
        }
    }

    /** The request has not been answered, as it was not to be; returns what is wrong with that, or null. */
    String silent(MemcachedRequest request) {
        if (request.isQuiet()) {
            Item item = item(request.key());
            return switch (request.command()) {
                case "mg" -> absent(item, "it was kept quiet about");
                case "ms" -> set(item, request, "HD");
                default -> delete(item, request, "HD");
            };
        }
        if (!serversAreWell || request.words().isEmpty()) {
            failed(request);
            return null;
        }
        Item item = item(request.key());
        switch (request.command()) {
            case "set" -> item.written(request.data());
            case "add" -> {
                if (item.value == null) {
                    item.written(request.data());
                }
            }
            case "cas" -> {
                if (item.value != null && request.words().get(5).equals(item.cas)) {
                    item.written(request.data());
                }
            }
            case "incr", "decr" -> {
                if (item.value != null) {
                    item.written(TinyMemcached.changed(request.command(), item.value, request.words().get(2)));
                }
            }
            case "delete" -> item.written(null);
            default -> {
                // touch changes no value
            }
        }
        return null;
    }

    /** Takes a reply that is no failure; returns what is wrong with it, or null. */
    String answered(MemcachedRequest request, MemcachedReply reply) {
        if (request.command().startsWith("get")) {
            return readMany(request, reply);
        }
        if (!reply.values().isEmpty()) {
            return "a list";
        }
        Item item = item(request.key());
        String type = reply.type();
        return switch (request.command()) {
            case "set", "add", "cas" -> reply.line().equals(type) ? set(item, request, type) : "more than a word";
            case "incr", "decr" -> changed(item, request, reply.line());
            case "touch" -> switch (reply.line()) {
                case "TOUCHED" -> present(item);
                case "NOT_FOUND" -> absent(item, "not touched");
                default -> "no such reply";
            };
            case "delete" -> delete(item, request, reply.line());
            default -> meta(item, request, reply, type);
        };
    }

    private String meta(Item item, MemcachedRequest request, MemcachedReply reply, String type) {
        boolean opaque = Objects.equals(reply.flag('O'), request.flag('O'));
        return switch (request.command()) {
            case "mg" -> type.equals("EN") ? absent(item, "not found") : opaque ? metaRead(item, request, reply)
                : "another opaque";
            case "ms" -> opaque ? set(item, request, type) : "another opaque";
            default -> opaque ? delete(item, request, type) : "another opaque";
        };
    }

    private static String present(Item item) {
        return item.mayBe(Objects::nonNull) ? null : "nothing is there";
    }

    private static String absent(Item item, String how) {
        if (!item.mayBe(Objects::isNull)) {
            return how + ", but it is " + item.value;
        }
        if (!item.any) {
            item.is(null);
        }
        return null;
    }

    /** Each value in the order asked, whatever misses. */
    private String readMany(MemcachedRequest request, MemcachedReply reply) {
        if (!reply.line().equals("END")) {
            return "no END";
        }
        int next = 0;
        for (String key : request.words().subList(1, request.words().size())) {
            MemcachedReply.Value value = next < reply.values().size() ? reply.values().get(next) : null;
            boolean hit = value != null && value.name().equals(key);
            if (hit && (value.cas() != null) != request.command().equals("gets")) {
                return "a number too many or too few";
            }
            String wrong = hit ? read(key, item(key), value.data(), value.flags(), value.cas())
                : absent(item(key), "not found");
            if (wrong != null) {
                return key + ": " + wrong;
            }
            next += hit ? 1 : 0;
        }
        return next == reply.values().size() ? null : "value " + next + " was not asked for, or not then";
    }

    private String metaRead(Item item, MemcachedRequest request, MemcachedReply reply) {
        if (!Objects.equals(reply.flag('k'), request.flag('k') == null ? null : request.key())) {
            return "another key";
        }
        if (request.flag('v') == null) {
            return reply.type().equals("HD") ? present(item) : "no HD";
        }
        return reply.data() == null ? "no value" : read(request.key(), item, reply.data(), reply.flag('f'),
            reply.flag('c'));
    }

    private String read(String key, Item item, String data, String flags, String cas) {
        if (flags != null && !flags.equals(flagsOf(data))) {
            return "flags " + flags;
        }
        boolean fits = !item.any ? item.mayBe(data::equals)
            : key.endsWith("n") ? data.chars().allMatch(Character::isDigit) : data.startsWith(key + "/");
        if (!fits) {
            return (data.startsWith(key + "/") ? "not " : "of another key, not ") + item.value;
        }
        if (!item.any) {
            item.is(data);
            if (cas != null && item.cas != null && item.isKnown() && !cas.equals(item.cas)) {
                return "cas " + cas + ", it was " + item.cas;
            }
            item.cas = cas == null ? item.cas : cas;
        }
        return null;
    }

    private String set(Item item, MemcachedRequest request, String outcome) {
        String cas = request.command().equals("cas") ? request.words().get(5) : request.flag('C');
        boolean onlyNew = request.command().equals("add") || "E".equals(request.flag('M'));
        switch (outcome) {
            case "STORED", "HD" -> {
                if (onlyNew && !item.mayBe(Objects::isNull)) {
                    return "it is " + item.value;
                }
                if (cas != null && item.isKnown() && (item.value == null || !cas.equals(item.cas))) {
                    return "its number is " + item.cas;
                }
                item.written(request.data());
                return null;
            }
            case "NOT_STORED", "NS" -> {
                return onlyNew ? present(item) : "it has no condition";
            }
            case "EXISTS", "EX" -> {
                return cas == null ? "it has no condition"
                    : item.isKnown() && cas.equals(item.cas) ? "its number is the same" : present(item);
            }
            case "NOT_FOUND", "NF" -> {
                return cas == null ? "it has no condition" : absent(item, "not found");
            }
            default -> {
                return "no such reply";
            }
        }
    }

    private String delete(Item item, MemcachedRequest request, String outcome) {
        String cas = request.flag('C');
        switch (outcome) {
            case "DELETED", "HD" -> {
                String wrong = present(item);
                if (cas != null && item.isKnown() && !cas.equals(item.cas)) {
                    return "its number is " + item.cas;
                }
                item.written(null);
                return wrong;
            }
            case "NOT_FOUND", "NF" -> {
                return absent(item, "not found");
            }
            case "EX" -> {
                return cas == null ? "it has no condition"
                    : item.isKnown() && cas.equals(item.cas) ? "its number is the same" : present(item);
            }
            default -> {
                return "no such reply";
            }
        }
    }

    private String changed(Item item, MemcachedRequest request, String line) {
        if (line.equals("NOT_FOUND")) {
            return absent(item, "not found");
        }
        if (line.isEmpty() || !line.chars().allMatch(Character::isDigit)) {
            return "no number";
        }
        String delta = request.words().get(2);
        if (!item.mayBe(value -> value != null
            && TinyMemcached.changed(request.command(), value, delta).equals(line))) {
            return request.command() + " of " + item.value;
        }
        item.written(line);
        return null;
    }
}
