package org.millrace.io;

import java.util.ArrayList;
import java.util.List;

/** Keeps every segment that it receives in. */
public class KeepingHandler extends Recorder {
    private final List<Segment> kept = new ArrayList<>();

    @Override
    public void onReceived(Segment segment, int offset, int length) {
        super.onReceived(segment, offset, length);
        if (kept.isEmpty() || kept.getLast() != segment) {
            segment.retain();
            kept.add(segment);
        }
    }

    /** How many segments. */
    public int kept() {
        return kept.size();
    }

    /** Gives them all back. */
    public void release() {
        kept.forEach(Segment::release);
        kept.clear();
    }
}
