package org.millrace.engine.control;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a log has told lately: a text is told at once when it is new, and after that only how often it came, once in ten
 * seconds for as long as it comes. Belongs to who holds the log's monitor.
 */
final class Repeats {
    static final long FOLD_NS = 10_000_000_000L;
    /** So many texts are watched; beyond that the oldest is forgotten, and told first. */
    static final int TEXTS_MAX = 128;

    private static final long SECOND_NS = 1_000_000_000L;

    private final Map<String, Repeat> texts = new LinkedHashMap<>();
    private final Teller teller;

    Repeats(Teller teller) {
        this.teller = teller;
    }

    /**
     * True if a text is to be told now; else it is counted.
     *
     * @param detail what belongs to the text and is told the first time only
     */
    boolean isNew(String place, String text, String detail, long nowNs) {
        tell(nowNs, FOLD_NS);
        Repeat known = texts.get(text + detail);
        if (known != null) {
            known.count++;
            return false;
        }
        if (texts.size() == TEXTS_MAX) {
            Iterator<Repeat> oldest = texts.values().iterator();
            oldest.next().tell(nowNs, teller);
            oldest.remove();
        }
        texts.put(text + detail, new Repeat(place, text, nowNs));
        return true;
    }

    /** Tells the counts that are so old, and forgets what was not repeated for so long. */
    void tell(long nowNs, long ageNs) {
        texts.values().removeIf(each -> nowNs - each.sinceNs >= ageNs && !each.tell(nowNs, teller));
    }

    /** Takes what is to be written. */
    @FunctionalInterface
    interface Teller {
        void tell(String place, String text);
    }

    /** A text's count since it was told last. */
    private static final class Repeat {
        private final String place;
        private final String text;
        private long sinceNs;
        private long count;

        private Repeat(String place, String text, long nowNs) {
            this.place = place;
            this.text = text;
            sinceNs = nowNs;
        }

        /** False if there was nothing to tell. */
        private boolean tell(long nowNs, Teller teller) {
            if (count == 0) {
                return false;
            }
            teller.tell(place, text + " (" + count + (count == 1 ? " more time in " : " more times in ")
                + Math.max(1, (nowNs - sinceNs) / SECOND_NS) + " s)");
            sinceNs = nowNs;
            count = 0;
            return true;
        }
    }
}
