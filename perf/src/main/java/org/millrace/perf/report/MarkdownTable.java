package org.millrace.perf.report;

import java.util.ArrayList;
import java.util.List;

/** A table that reads well as text and as Markdown: columns padded to their widest cell. */
public final class MarkdownTable {
    private final List<String[]> rows = new ArrayList<>();

    /** A table with these columns. */
    public MarkdownTable(String... columns) {
        rows.add(columns.clone());
    }

    /** One more row, with as many cells as there are columns. */
    public MarkdownTable row(String... cells) {
        if (cells.length != rows.getFirst().length) {
            throw new IllegalArgumentException(cells.length + " cells for " + rows.getFirst().length + " columns");
        }
        rows.add(cells.clone());
        return this;
    }

    /** The text, with a line feed at its end. */
    @Override
    public String toString() {
        int[] widths = new int[rows.getFirst().length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (int n = 0; n < rows.size(); n++) {
            for (int i = 0; i < widths.length; i++) {
                String cell = rows.get(n)[i];
                text.append("| ").append(cell).repeat(' ', widths[i] - cell.length() + 1);
            }
            text.append("|\n");
            if (n == 0) {
                for (int width : widths) {
                    text.append('|').repeat('-', width + 2);
                }
                text.append("|\n");
            }
        }
        return text.toString();
    }
}
