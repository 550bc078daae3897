package org.millrace.codec.resp.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads the table of commands; the format is explained at the head of {@code commands.txt}. */
final class CommandTableReader {
    private static final String RESOURCE = "commands.txt";

    private CommandTableReader() {
    }

    /** The rows of the table that comes with the proxy. */
    static List<CommandRow> readResource() {
        try (InputStream in = CommandTableReader.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing");
            }
            return read(new InputStreamReader(in, StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The rows of a table.
     *
     * @throws IllegalArgumentException with the line's number if a line does not follow the format
     */
    static List<CommandRow> read(Reader reader) throws IOException {
        final BufferedReader lines = new BufferedReader(reader);
        final List<CommandRow> rows = new ArrayList<>();
        String group = "";
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            final String text = line.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            if (text.startsWith("[") && text.endsWith("]")) {
                group = text.substring(1, text.length() - 1);
                continue;
            }
            try {
                rows.add(row(text, group));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(RESOURCE + ":" + number + ": " + e.getMessage(), e);
            }
        }
        return rows;
    }

    private static CommandRow row(String text, String group) {
        final String[] cells = text.split(" {2,}");
        if (cells.length < 5 || cells.length > 6) {
            throw new IllegalArgumentException("5 or 6 columns wanted, not " + cells.length);
        }
        final Treatment treatment = Treatment.of(cells[4]);
        if (treatment == null) {
            throw new IllegalArgumentException("unknown treatment: " + cells[4]);
        }
        if ((treatment == Treatment.REFUSE) != (cells.length == 6)) {
            throw new IllegalArgumentException("a reason goes with 'refuse' and with nothing else");
        }
        final int arity = Integer.parseInt(cells[1]);
        if (arity == 0) {
            throw new IllegalArgumentException("arity counts the name, so it is not 0");
        }
        return new CommandRow(cells[0].toLowerCase(Locale.ROOT), group, arity, flags(cells[2]),
            KeySpecParser.parse(cells[3]), treatment, cells.length == 6 ? cells[5] : "");
    }

    private static int flags(String cell) {
        int bits = 0;
        if (!cell.equals("-")) {
            for (String word : cell.split(",")) {
                final CommandFlag flag = CommandFlag.of(word);
                if (flag == null) {
                    throw new IllegalArgumentException("unknown flag: " + word);
                }
                bits |= flag.bit();
            }
        }
        return bits;
    }
}
