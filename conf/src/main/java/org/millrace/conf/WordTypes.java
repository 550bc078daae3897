package org.millrace.conf;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The kinds of words that a file may hold. */
final class WordTypes {
    /** Any text. */
    static final ValueType<String> TEXT = new ValueType<>() {
        @Override
        public String parse(String text) {
            return text;
        }

        @Override
        public String allowed() {
            return "any text";
        }
    };

    /** Exactly {@code true} or {@code false}; the other words of YAML get a hint, not a guess. */
    static final ValueType<Boolean> BOOL = new ValueType<>() {
        @Override
        public Boolean parse(String text) throws BadValueException {
            if ("true".equals(text) || "false".equals(text)) {
                return "true".equals(text);
            }
            final String lower = text.toLowerCase(Locale.ROOT);
            throw new BadValueException("is neither true nor false",
                YES.contains(lower) ? "write true" : NO.contains(lower) ? "write false" : null);
        }

        @Override
        public String allowed() {
            return "true or false";
        }
    };

    /** Two ASCII characters, which may be equal. */
    static final ValueType<String> HASH_TAG = new ValueType<>() {
        @Override
        public String parse(String text) throws BadValueException {
            if (text.length() != 2 || text.charAt(0) > 0x7f || text.charAt(1) > 0x7f) {
                throw new BadValueException("is not a pair of characters");
            }
            return text;
        }

        @Override
        public String allowed() {
            return "exactly two ASCII characters, such as \"{}\" or \"$$\"";
        }
    };

    private static final Set<String> YES = Set.of("yes", "on", "true", "y", "t", "1");
    private static final Set<String> NO = Set.of("no", "off", "false", "n", "f", "0");

    private WordTypes() {
    }

    /** One of some words, exactly as written. */
    static ValueType<String> oneOf(List<String> words) {
        return new ValueType<>() {
            @Override
            public String parse(String text) throws BadValueException {
                if (!words.contains(text)) {
                    final String near = Texts.nearest(text, words);
                    throw new BadValueException("is not known", near == null ? null : "did you mean " + near + '?');
                }
                return text;
            }

            @Override
            public String allowed() {
                return String.join(" ", words);
            }
        };
    }
}
