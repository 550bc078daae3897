package org.millrace.engine.share;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Lanes own no more links than there may be, and each finds one. */
class LinkShareTest {
    @Test
    void shouldNeverOwnMoreThanTheTotalAndAlwaysFindALink() {
        for (int lanes = 1; lanes <= 9; lanes++) {
            for (int total = 1; total <= 20; total++) {
                for (int perLane = 1; perLane <= 3; perLane++) {
                    for (int first = 0; first < 12; first++) {
                        check(perLane, total, lanes, first);
                    }
                }
            }
        }
    }

    private static void check(int perLane, int total, int lanes, int first) {
        int sum = 0;
        for (int lane = 0; lane < lanes; lane++) {
            LinkShare share = LinkShare.of(perLane, total, lane, lanes, first);
            sum += share.own();
            assertTrue(share.own() <= perLane);
            assertEquals(share.own() == 0, share.isBorrowed());
            LinkShare owner = LinkShare.of(perLane, total, share.owner(), lanes, first);
            assertTrue(owner.own() > 0, "whoever is borrowed from owns a link");
            assertTrue(share.isBorrowed() == (share.owner() != lane));
        }
        assertTrue(sum <= total && sum >= Math.min(total, lanes), sum + " links of " + total + ", lanes: " + lanes);
    }

    @Test
    void shouldOwnAllWithoutATotal() {
        assertEquals(new LinkShare(3, 2), LinkShare.of(3, 0, 2, 4, 1));
    }

    @Test
    void shouldSpreadTheLinksOfServersOverLanes() {
        Set<Integer> owners = new HashSet<>();
        for (int server = 0; server < 4; server++) {
            owners.add(LinkShare.of(1, 1, 0, 4, server).owner());
        }
        assertEquals(Set.of(0, 1, 2, 3), owners);
    }

    @Test
    void shouldSpreadBorrowersOverOwners() {
        assertEquals(0, LinkShare.of(1, 2, 2, 6, 0).owner());
        assertEquals(1, LinkShare.of(1, 2, 3, 6, 0).owner());
        assertEquals(0, LinkShare.of(1, 2, 4, 6, 0).owner());
        assertEquals(1, LinkShare.of(1, 2, 5, 6, 0).owner());
    }
}
