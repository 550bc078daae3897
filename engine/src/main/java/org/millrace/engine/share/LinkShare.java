package org.millrace.engine.share;

/**
 * What a lane has of the links of one server, of which there is a limited number over all lanes.
 *
 * @param own   links of its own; 0 if it borrows one
 * @param owner the lane that it borrows from; itself if it owns links
 */
public record LinkShare(int own, int owner) {
    /**
     * Shares links out. Neighbouring servers begin at neighbouring lanes, so that no lane owns the links of all.
     *
     * @param perLane most links of one lane, at least 1
     * @param total   most links of all lanes together; 0 = no limit
     * @param first   which lane comes first; lanes that follow own links while there are some
     */
    public static LinkShare of(int perLane, int total, int lane, int lanes, int first) {
        int place = Math.floorMod(lane - first, lanes);
        if (total == 0) {
            return new LinkShare(perLane, lane);
        }
        if (place < total) {
            int share = total / lanes + (place < total % lanes ? 1 : 0);
            return new LinkShare(Math.min(perLane, share), lane);
        }
        return new LinkShare(0, Math.floorMod(first + place % total, lanes));
    }

    public boolean isBorrowed() {
        return own == 0;
    }
}
