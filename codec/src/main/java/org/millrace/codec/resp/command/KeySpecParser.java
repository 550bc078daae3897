package org.millrace.codec.resp.command;

import java.util.ArrayList;
import java.util.List;

/** Reads the key column of the table; its grammar is explained at the head of {@code commands.txt}. */
final class KeySpecParser {
    private KeySpecParser() {
    }

    /**
     * Reads one cell.
     *
     * @throws IllegalArgumentException if the cell does not follow the grammar
     */
    static KeySpec parse(String text) {
        if (text.equals("-")) {
            return KeySpec.NONE;
        }
        int first = 0;
        int last = 0;
        int step = 0;
        KeySpec.Tail tail = KeySpec.Tail.NONE;
        for (String part : text.split(" \\+ ")) {
            final String[] words = part.split(" ");
            if (Character.isDigit(part.charAt(0))) {
                if (words.length != 3 || first != 0 || tail.kind() != KeySpec.TailKind.NONE) {
                    throw new IllegalArgumentException("a range is 'first last step' and comes first: " + text);
                }
                first = positive(words[0]);
                last = Integer.parseInt(words[1]);
                step = positive(words[2]);
            } else if (tail.kind() == KeySpec.TailKind.NONE) {
                tail = part.startsWith("numkeys@") ? numkeys(part) : options(words);
            } else {
                throw new IllegalArgumentException("more than one variable part: " + text);
            }
        }
        return new KeySpec(text, first, last, step, tail);
    }

    private static KeySpec.Tail numkeys(String part) {
        String rest = part.substring("numkeys@".length());
        NumkeysWording wording = NumkeysWording.PLAIN;
        int step = 1;
        final int colon = rest.indexOf(':');
        if (colon >= 0) {
            wording = NumkeysWording.of(rest.substring(colon + 1));
            rest = rest.substring(0, colon);
        }
        final int slash = rest.indexOf('/');
        if (slash >= 0) {
            step = positive(rest.substring(slash + 1));
            rest = rest.substring(0, slash);
        }
        return new KeySpec.Tail(KeySpec.TailKind.NUMKEYS, positive(rest), step, wording, new KeyOption[0]);
    }

    private static KeySpec.Tail options(String[] words) {
        final KeySpec.TailKind kind = switch (words[0]) {
            case "last" -> KeySpec.TailKind.LAST;
            case "half" -> KeySpec.TailKind.HALF;
            case "rest" -> KeySpec.TailKind.REST;
            default -> throw new IllegalArgumentException("unknown kind of keys: " + words[0]);
        };
        final List<KeyOption> options = new ArrayList<>();
        int from = 0;
        for (int i = 1; i < words.length; i++) {
            final String word = words[i];
            final int at = word.indexOf('@');
            final int colon = word.indexOf(':');
            if (at > 0) {
                from = positive(word.substring(at + 1));
                options.add(KeyOption.of(KeyOption.Role.KEYS, word.substring(0, at), 1));
            } else if (colon > 0 && (word.charAt(0) == '~' || word.charAt(0) == '!')) {
                final KeyOption.Role role = word.charAt(0) == '~' ? KeyOption.Role.SKIP : KeyOption.Role.BLOCKS;
                options.add(KeyOption.of(role, word.substring(1, colon), Integer.parseInt(word.substring(colon + 1))));
            } else {
                throw new IllegalArgumentException("not an option: " + word);
            }
        }
        if (from == 0) {
            throw new IllegalArgumentException("no option word that keys follow");
        }
        return new KeySpec.Tail(kind, from, 1, null, options.toArray(new KeyOption[0]));
    }

    private static int positive(String digits) {
        final int value = Integer.parseInt(digits);
        if (value <= 0) {
            throw new IllegalArgumentException("must be above 0: " + digits);
        }
        return value;
    }
}
