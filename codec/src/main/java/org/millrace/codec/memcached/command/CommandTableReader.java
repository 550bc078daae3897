package org.millrace.codec.memcached.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the table of commands; the format is explained at the head of {@code commands.txt}. */
final class CommandTableReader {
    private static final String RESOURCE = "commands.txt";
    private static final String NONE = "-";
    private static final String RANGE = "..";
    private static final int COLUMNS = 10;

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
        BufferedReader lines = new BufferedReader(reader);
        List<CommandRow> rows = new ArrayList<>();
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            String text = line.strip();
            if (!text.isEmpty() && !text.startsWith("#")) {
                try {
                    rows.add(row(text));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(RESOURCE + ":" + number + ": " + e.getMessage(), e);
                }
            }
        }
        return rows;
    }

    private static CommandRow row(String text) {
        String[] cells = text.split(" {2,}");
        if (cells.length != COLUMNS) {
            throw new IllegalArgumentException(COLUMNS + " columns wanted, not " + cells.length);
        }
        boolean manyKeys = cells[2].endsWith(RANGE);
        int firstKey = cells[2].equals(NONE) ? -1 : number(cells[2].replace(RANGE, ""));
        int dots = cells[3].indexOf(RANGE);
        if (dots < 0) {
            throw new IllegalArgumentException("words are FEWEST..MOST, not " + cells[3]);
        }
        String most = cells[3].substring(dots + RANGE.length());
        Treatment treatment = constant(Treatment.class, cells[6]);
        MergeRule merge = constant(MergeRule.class, cells[7]);
        boolean refused = treatment == Treatment.REFUSE;
        String[] misuse = refused ? new String[] {"ERROR"} : cells[9].split(" \\| ");
        return new CommandRow(cells[0], constant(Family.class, cells[1]), firstKey, manyKeys,
            number(cells[3].substring(0, dots)), most.isEmpty() ? Integer.MAX_VALUE : number(most), fields(cells[4]),
            types(cells[5]), treatment, merge, types(cells[8]), Fault.of(misuse[0]),
            Fault.of(misuse[misuse.length - 1]), refused ? cells[9] : "");
    }

    private static Map<Field, Integer> fields(String cell) {
        Map<Field, Integer> fields = new EnumMap<>(Field.class);
        for (String entry : list(cell)) {
            int at = entry.indexOf('@');
            Field field = at < 0 ? null : Field.of(entry.substring(0, at));
            if (field == null) {
                throw new IllegalArgumentException("unknown field: " + entry);
            }
            fields.put(field, number(entry.substring(at + 1)));
        }
        return fields;
    }

    private static int types(String cell) {
        int bits = 0;
        for (String name : list(cell)) {
            bits |= ReplyType.valueOf(name).bit();
        }
        return bits;
    }

    private static List<String> list(String cell) {
        return cell.equals(NONE) ? List.of() : List.of(cell.split(","));
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String word) {
        String name = word.equals(NONE) ? "none" : word;
        return Enum.valueOf(type, name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
