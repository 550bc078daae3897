package org.millrace.engine.control.admin;

/**
 * Patterns as CONFIG GET takes them: {@code *} is any text, {@code ?} any character, {@code [a-z]} one of several,
 * {@code [^a-z]} none of them, and a backslash takes what follows as it is. In time of at most both lengths multiplied.
 */
final class Glob {
    private final String pattern;

    private Glob(String pattern) {
        this.pattern = pattern;
    }

    /** Whether the whole text fits. */
    static boolean matches(String pattern, String text) {
        return new Glob(pattern).matches(text);
    }

    private boolean matches(String text) {
        int at = 0;
        int p = 0;
        int star = -1;
        int starAt = 0;
        while (at < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                starAt = at;
            } else if (p < pattern.length() && fits(p, text.charAt(at))) {
                p = next(p);
                at++;
            } else if (star >= 0) {
                // only the last star need take more
                p = star + 1;
                at = ++starAt;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    /** Where the piece of pattern that begins here ends. */
    private int next(int p) {
        char c = pattern.charAt(p);
        if (c == '\\' && p + 1 < pattern.length()) {
            return p + 2;
        }
        int end = c == '[' ? pattern.indexOf(']', p + 1) : -1;
        return c != '[' ? p + 1 : end < 0 ? pattern.length() : end + 1;
    }

    private boolean fits(int p, char c) {
        char wanted = pattern.charAt(p);
        return switch (wanted) {
            case '?' -> true;
            case '[' -> isIn(p + 1, next(p) - (pattern.charAt(next(p) - 1) == ']' ? 1 : 0), c);
            case '\\' -> pattern.charAt(Math.min(p + 1, pattern.length() - 1)) == c;
            default -> wanted == c;
        };
    }

    private boolean isIn(int from, int end, char c) {
        boolean not = from < end && pattern.charAt(from) == '^';
        boolean found = false;
        for (int i = not ? from + 1 : from; i < end; i++) {
            if (i + 2 < end && pattern.charAt(i + 1) == '-') {
                found |= pattern.charAt(i) <= c && c <= pattern.charAt(i + 2);
                i += 2;
            } else {
                found |= pattern.charAt(i) == c;
            }
        }
        return found != not;
    }
}
