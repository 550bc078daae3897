package org.millrace.conf;

import java.util.Locale;

/** Three words: {@code HARD SOFT SECONDS}, sizes as everywhere. */
final class OutputLimitType implements ValueType<OutputLimit> {
    /** The only one. */
    static final ValueType<OutputLimit> OUTPUT_LIMIT = new OutputLimitType();

    private static final ValueType<Long> SIZE = NumberTypes.size("0", "16384gb");
    private static final ValueType<Integer> SECONDS = NumberTypes.whole(0, Integer.MAX_VALUE / 1000);

    private OutputLimitType() {
    }

    @Override
    public OutputLimit parse(String text) throws BadValueException {
        final String[] words = text.trim().split("\\s+");
        if (words.length == 4 && "normal".equals(words[0].toLowerCase(Locale.ROOT))) {
            throw new BadValueException("names a class of clients", "there is only one; leave the word out");
        }
        if (words.length != 3) {
            throw new BadValueException("is not three values", "such as 256mb 64mb 60, or 0 0 0 for no limit");
        }
        return new OutputLimit(SIZE.parse(words[0]), SIZE.parse(words[1]), SECONDS.parse(words[2]));
    }

    @Override
    public String allowed() {
        return "HARD SOFT SECONDS as in redis.conf: two sizes and a number of seconds, 0 for none";
    }
}
