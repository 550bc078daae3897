package org.millrace.engine.control.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.millrace.engine.traffic.NameCounts;

/**
 * The sketches of all lanes added up, in fixed room: what was sure in each is added, so no count is too great; when
 * there are twice as many names as are kept, the greatest count of those that must go is taken from all ("Mergeable
 * Summaries", Agarwal and others, PODS 2012). What that and the sketches themselves have left out is added up too, so
 * it is known by how much a count may be too small. Counts fade. One thread at a time.
 */
final class DecayedCounts {
    /** A name, and how often it was seen of late. */
    static final class Row {
        final byte[] name;
        final long length;
        double count;

        Row(byte[] name, long length) {
            this.name = name;
            this.length = length;
        }
    }

    private final int capacity;
    private final Map<Long, Row> rows = new HashMap<>();
    private double total;
    private double missing;

    /** Without names. */
    DecayedCounts(int capacity) {
        this.capacity = capacity;
    }

    /** Adds what a lane has seen. */
    void add(NameCounts seen) {
        for (int i = 0; i < seen.size(); i++) {
            long sure = seen.sure(i);
            if (sure > 0) {
                Row row = rows.get(seen.hash(i));
                if (row == null) {
                    row = new Row(seen.name(i), seen.length(i));
                    rows.put(seen.hash(i), row);
                }
                row.count += sure;
            }
        }
        total += seen.total();
        missing += seen.missing();
        if (rows.size() > 2 * capacity) {
            reduce();
        }
    }

    private void reduce() {
        double[] counts = rows.values().stream().mapToDouble(row -> row.count).sorted().toArray();
        double taken = counts[counts.length - 1 - capacity];
        missing += taken;
        rows.values().removeIf(row -> row.count <= taken);
        rows.values().forEach(row -> row.count -= taken);
    }

    /** Time passes: everything counts for this share of what it did. */
    void fade(double factor) {
        total *= factor;
        missing *= factor;
        rows.values().forEach(row -> row.count *= factor);
        if (total < 1) {
            rows.clear();
            total = 0;
            missing = 0;
        }
    }

    /** The names with the greatest counts, those first. */
    List<Row> greatest(int most) {
        List<Row> sorted = new ArrayList<>(rows.values());
        sorted.sort(Comparator.comparingDouble((Row row) -> row.count).reversed());
        return sorted.subList(0, Math.min(most, sorted.size()));
    }

    /** The count of a name; 0 if it is not known. */
    double count(byte[] name) {
        return rows.values().stream().filter(row -> Arrays.equals(row.name, name))
            .mapToDouble(row -> row.count).findFirst().orElse(0);
    }

    /** Names that are known. */
    int size() {
        return rows.size();
    }

    /** Of all names together. */
    double total() {
        return total;
    }

    /** By how much any count may be too small. */
    double missing() {
        return missing;
    }
}
