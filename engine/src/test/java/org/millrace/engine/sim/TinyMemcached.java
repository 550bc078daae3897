package org.millrace.engine.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** As much of memcached as the simulated clients ask for. Must never be asked to be silent: the proxy has to know. */
final class TinyMemcached implements ServerTalk {
    private static final String[] GARBAGE = {"@@@\r\n", "\r\n", "\n", "STORED\n", "VALUE a\r\n",
        "VALUE k 0 3\r\nabcdef\r\n", "VA x\r\n", "12x\r\n", "VALUE k 0 -1\r\n", "HD\n", "stored\r\n",
        "VALUE k 0 99999999999999999999\r\n"};
    private static final Set<String> COMMANDS = Set.of("get", "gets", "set", "add", "cas", "incr", "decr", "touch",
        "delete", "mg", "ms", "md", "verbosity", "stats", "version");

    private final Map<String, Item> items = new HashMap<>();
    private long lastCas;

    private record Item(String flags, String data, long cas) {
    }

    @Override
    public List<String> take(Bytes received) {
        int end = received.lineEnd(0);
        if (end < 0) {
            return null;
        }
        List<String> words = new ArrayList<>(List.of(received.text(0, end).trim().split(" +")));
        String name = words.getFirst();
        if (!COMMANDS.contains(name) || words.contains("noreply") || name.charAt(0) == 'm' && words.contains("q")) {
            throw new IllegalArgumentException("not for a server: " + words);
        }
        int bytesWord = switch (name) {
            case "set", "add", "cas" -> 4;
            case "ms" -> 2;
            default -> -1;
        };
        if (bytesWord < 0) {
            received.skip(end + 2);
            return words;
        }
        int length = Integer.parseInt(words.get(bytesWord));
        if (received.size() < end + 2 + length + 2) {
            return null;
        }
        if (received.at(end + 2 + length) != '\r' || received.at(end + 2 + length + 1) != '\n') {
            throw new IllegalArgumentException("no line end behind the data of " + words);
        }
        words.add(received.text(end + 2, length));
        received.skip(end + 2 + length + 2);
        return words;
    }

    @Override
    public List<String> keys(List<String> request) {
        return switch (request.getFirst()) {
            case "get", "gets" -> request.subList(1, request.size());
            case "verbosity", "stats", "version" -> List.of();
            default -> request.subList(1, 2);
        };
    }

    @Override
    public boolean isProbe(List<String> request) {
        return request.getFirst().equals("version");
    }

    @Override
    public String busy() {
        return "SERVER_ERROR busy\r\n";
    }

    @Override
    public String error(Random random) {
        return "SERVER_ERROR " + Failures.UNWILLING + "\r\n";
    }

    @Override
    public String garbage(Random random) {
        return GARBAGE[random.nextInt(GARBAGE.length)];
    }

    /** No request of a client is ever answered so by a server: it ends its link, and reaches nobody. */
    @Override
    public String stray() {
        return "MN\r\n";
    }

    @Override
    public String execute(List<String> words) {
        Item item = words.size() > 1 ? items.get(words.get(1)) : null;
        return switch (words.getFirst()) {
            case "get", "gets" -> get(words);
            case "set" -> store(words, true, "STORED", "");
            case "add" -> store(words, item == null, "STORED", "NOT_STORED");
            case "cas" -> item == null ? "NOT_FOUND\r\n"
                : store(words, isCas(item, words.get(5)), "STORED", "EXISTS");
            case "incr", "decr" -> change(words, item);
            case "touch" -> item == null ? "NOT_FOUND\r\n" : "TOUCHED\r\n";
            case "delete" -> items.remove(words.get(1)) == null ? "NOT_FOUND\r\n" : "DELETED\r\n";
            case "mg" -> metaGet(words, item);
            case "ms" -> metaSet(words, item);
            case "md" -> metaDelete(words, item);
            case "stats" -> "STAT servers 1\r\nEND\r\n";
            case "version" -> "VERSION 1.6.18\r\n";
            default -> "OK\r\n";
        };
    }

    private static boolean isCas(Item item, String cas) {
        return item.cas == Long.parseLong(cas);
    }

    private void put(String key, String flags, String data) {
        items.put(key, new Item(flags, data, ++lastCas));
    }

    private String get(List<String> words) {
        StringBuilder reply = new StringBuilder();
        for (String key : words.subList(1, words.size())) {
            Item item = items.get(key);
            if (item != null) {
                reply.append("VALUE ").append(key).append(' ').append(item.flags).append(' ')
                    .append(item.data.length());
                if (words.getFirst().equals("gets")) {
                    reply.append(' ').append(item.cas);
                }
                reply.append("\r\n").append(item.data).append("\r\n");
            }
        }
        return reply.append("END\r\n").toString();
    }

    private String store(List<String> words, boolean may, String yes, String no) {
        if (may) {
            put(words.get(1), words.get(2), words.getLast());
        }
        return (may ? yes : no) + "\r\n";
    }

    private String change(List<String> words, Item item) {
        if (item == null) {
            return "NOT_FOUND\r\n";
        }
        String value = changed(words.getFirst(), item.data, words.get(2));
        put(words.get(1), item.flags, value);
        return value + "\r\n";
    }

    /** What incr and decr make of a number: the latter stops at 0. */
    static String changed(String command, String number, String delta) {
        long by = Long.parseLong(delta);
        return Long.toString(Math.max(0, Long.parseLong(number) + (command.equals("incr") ? by : -by)));
    }

    private String metaGet(List<String> words, Item item) {
        if (item == null) {
            return "EN\r\n";
        }
        List<String> flags = words.subList(2, words.size());
        boolean value = flags.contains("v");
        StringBuilder reply = new StringBuilder(value ? "VA " + item.data.length() : "HD");
        for (String flag : flags) {
            switch (flag.charAt(0)) {
                case 'f' -> reply.append(" f").append(item.flags);
                case 'c' -> reply.append(" c").append(item.cas);
                case 'k' -> reply.append(" k").append(words.get(1));
                case 'O' -> reply.append(' ').append(flag);
                default -> {
                    // nothing comes back for v
                }
            }
        }
        return reply.append("\r\n").append(value ? item.data + "\r\n" : "").toString();
    }

    private String metaSet(List<String> words, Item item) {
        String cas = flag(words, 'C');
        String outcome;
        if (cas != null) {
            outcome = item == null ? "NF" : isCas(item, cas) ? "HD" : "EX";
        } else {
            outcome = item != null && "E".equals(flag(words, 'M')) ? "NS" : "HD";
        }
        if (outcome.equals("HD")) {
            put(words.get(1), flag(words, 'F') == null ? "0" : flag(words, 'F'), words.getLast());
        }
        return outcome + opaque(words);
    }

    private String metaDelete(List<String> words, Item item) {
        String cas = flag(words, 'C');
        String outcome = item == null ? "NF" : cas == null || isCas(item, cas) ? "HD" : "EX";
        if (outcome.equals("HD")) {
            items.remove(words.get(1));
        }
        return outcome + opaque(words);
    }

    private static String opaque(List<String> words) {
        String opaque = flag(words, 'O');
        return (opaque == null ? "" : " O" + opaque) + "\r\n";
    }

    private static String flag(List<String> words, char letter) {
        boolean storage = words.getFirst().equals("ms");
        int end = storage ? words.size() - 1 : words.size();
        for (int i = storage ? 3 : 2; i < end; i++) {
            if (words.get(i).charAt(0) == letter) {
                return words.get(i).substring(1);
            }
        }
        return null;
    }
}
