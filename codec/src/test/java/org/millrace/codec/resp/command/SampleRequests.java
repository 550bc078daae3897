package org.millrace.codec.resp.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes well-formed requests of any command that has keys; every word is another one. */
final class SampleRequests {
    private SampleRequests() {
    }

    /**
     * A request.
     *
     * @param arity the number of words that the server wants
     */
    static String[] make(Command command, int arity, Random random) {
        final List<String> words = new ArrayList<>(List.of(command.name().split("\\|")));
        switch (command.keySpec().tail().kind()) {
            case NONE -> range(command, arity, random, words);
            case NUMKEYS -> numkeys(command, arity, random, words);
            default -> options(command, random, words);
        }
        return words.toArray(new String[0]);
    }

    private static void range(Command command, int arity, Random random, List<String> words) {
        final int step = command.keySpec().step();
        int count = Math.abs(arity) + (arity < 0 ? random.nextInt(5) * step : 0);
        while (step > 1 && (count - command.keySpec().first()) % step != 0) {
            count++;
        }
        fill(words, count, random);
    }

    private static void numkeys(Command command, int arity, Random random, List<String> words) {
        final int from = command.keySpec().tail().from();
        final int step = command.keySpec().tail().step();
        fill(words, from, random);
        final boolean mayBeZero = command.keySpec().tail().wording().mayBeZero();
        final int keys = random.nextInt(4) + (mayBeZero ? 0 : 1);
        words.add(Integer.toString(keys));
        fill(words, Math.max(from + 1 + keys * step + random.nextInt(3), Math.abs(arity)), random);
    }

    private static void options(Command command, Random random, List<String> words) {
        switch (command.name()) {
            case "sort" -> {
                fill(words, 2, random);
                some(words, random, "BY *", "GET *", "LIMIT * *", "ASC", "desc", "ALPHA", "STORE *", "store *");
            }
            case "georadius", "georadiusbymember" -> {
                fill(words, command.keySpec().tail().from(), random);
                some(words, random, "WITHCOORD", "COUNT *", "ASC");
                // COMMAND GETKEYS tells the first of several, the command itself takes the last; so one at most.
                if (random.nextBoolean()) {
                    append(words, random, random.nextBoolean() ? "STORE *" : "storedist *");
                }
                some(words, random, "WITHCOORD", "COUNT *", "ASC");
            }
            case "xread" -> {
                some(words, random, "COUNT *", "BLOCK *");
                streams(words, random);
            }
            case "xreadgroup" -> {
                some(words, random, "COUNT *", "BLOCK *", "NOACK");
                append(words, random, "GROUP * *");
                streams(words, random);
            }
            case "migrate" -> {
                fill(words, 3, random);
                final boolean many = random.nextBoolean();
                words.add(many ? "" : word(words, random));
                fill(words, 6, random);
                some(words, random, "COPY", "REPLACE", "AUTH *", "AUTH2 * *");
                if (many) {
                    append(words, random, random.nextBoolean() ? "KEYS *" : "keys * * *");
                }
            }
            default -> throw new AssertionError("no sample for " + command);
        }
    }

    private static void streams(List<String> words, Random random) {
        words.add(random.nextBoolean() ? "STREAMS" : "streams");
        fill(words, words.size() + 2 + 2 * random.nextInt(4), random);
    }

    private static void some(List<String> words, Random random, String... options) {
        for (int i = random.nextInt(5); i > 0; i--) {
            append(words, random, options[random.nextInt(options.length)]);
        }
    }

    private static void append(List<String> words, Random random, String option) {
        for (String part : option.split(" ")) {
            words.add(part.equals("*") ? word(words, random) : part);
        }
    }

    private static void fill(List<String> words, int count, Random random) {
        while (words.size() < count) {
            words.add(word(words, random));
        }
    }

    private static String word(List<String> words, Random random) {
        return "w" + words.size() + "-" + Integer.toHexString(random.nextInt());
    }
}
