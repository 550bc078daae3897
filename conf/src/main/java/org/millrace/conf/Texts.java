package org.millrace.conf;

import java.util.Locale;

/** Makes texts from the file fit for a message: one line, printable, short. */
final class Texts {
    private static final int MAX_SHOWN = 80;
    private static final int MAX_COMPARED = 64;

    private Texts() {
    }

    /** The text between double quotes, what cannot be printed escaped, a long one cut. */
    static String quote(String text) {
        return '"' + printable(text) + '"';
    }

    /** What cannot be printed escaped, a long text cut. */
    static String printable(String text) {
        final StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (i == MAX_SHOWN) {
                return out.append("...").toString();
            }
            final char c = text.charAt(i);
            if (c < ' ' || c == 0x7f) {
                out.append(String.format("\\x%02x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** Without line breaks. */
    static String oneLine(String text) {
        return text == null ? "" : text.replaceAll("\\s*[\\r\\n]+\\s*", " ").strip();
    }

    /** The candidate that is most like the word, or null if none is like it. */
    static String nearest(String word, Iterable<String> candidates) {
        if (word.length() > MAX_COMPARED) {
            return null;
        }
        final String lower = word.toLowerCase(Locale.ROOT).replace('-', '_');
        String best = null;
        int bestDistance = Math.max(2, word.length() / 3) + 1;
        for (final String candidate : candidates) {
            final int distance = distance(lower, candidate);
            final boolean better = distance < bestDistance
                || distance == bestDistance && best != null && prefix(lower, candidate) > prefix(lower, best);
            if (better && distance < candidate.length()) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    private static int prefix(String a, String b) {
        int length = 0;
        while (length < Math.min(a.length(), b.length()) && a.charAt(length) == b.charAt(length)) {
            length++;
        }
        return length;
    }

    /** How many letters must be put in, left out, replaced or swapped with their neighbour. */
    static int distance(String a, String b) {
        final int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            cost[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            cost[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                final int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                cost[i][j] = Math.min(cost[i - 1][j - 1] + change, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
