package org.millrace.perf.endtoend;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads sample requests from a resource; its head says how they are written. */
final class Samples {
    private Samples() {
    }

    /**
     * A request to compare.
     *
     * @param words    one byte for each character
     * @param formOnly the reply differs by chance
     */
    record Sample(List<String> words, boolean formOnly) {
        String command() {
            return words.getFirst().toLowerCase(java.util.Locale.ROOT);
        }

        byte[] request() {
            return Resp.request(words.toArray(new String[0]));
        }

        /** The same with a word behind it that does not belong there. */
        Sample with(String word) {
            List<String> more = new ArrayList<>(words);
            more.add(word);
            return new Sample(more, formOnly);
        }

        /** The same with another word at this place. */
        Sample with(int index, String word) {
            List<String> other = new ArrayList<>(words);
            other.set(index, word);
            return new Sample(other, formOnly);
        }

        @Override
        public String toString() {
            return Resp.show(Resp.bytes(String.join(" ", words)));
        }
    }

    static List<Sample> read(String resource) throws IOException {
        List<Sample> samples = new ArrayList<>();
        try (InputStream in = Samples.class.getResourceAsStream(resource)) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n")) {
                if (!line.isBlank() && !line.startsWith("# ")) {
                    boolean formOnly = line.startsWith("~");
                    samples.add(new Sample(words(formOnly ? line.substring(1) : line), formOnly));
                }
            }
        }
        return samples;
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < line.length()) {
            if (line.charAt(at) == ' ') {
                at++;
            } else if (line.charAt(at) == '"') {
                int end = line.indexOf('"', at + 1);
                words.add(unescape(line.substring(at + 1, end)));
                at = end + 1;
            } else {
                int end = line.indexOf(' ', at);
                end = end < 0 ? line.length() : end;
                words.add(line.substring(at, end));
                at = end;
            }
        }
        return words;
    }

    private static String unescape(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != '\\') {
                out.append(text.charAt(i));
                continue;
            }
            char kind = text.charAt(++i);
            switch (kind) {
                case 'r' -> out.append('\r');
                case 'n' -> out.append('\n');
                case 'x' -> {
                    out.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
                    i += 2;
                }
                default -> throw new IllegalArgumentException(text);
            }
        }
        return out.toString();
    }
}
