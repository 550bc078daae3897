package org.millrace.routing.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.conf.Directives;

/** The table holds what the configuration allows. */
class DistributionKindTest {
    @Test
    void shouldOfferTheDistributionsOfTheConfigurationInItsOrder() {
        assertEquals(Directives.DISTRIBUTIONS,
            Arrays.stream(DistributionKind.values()).map(DistributionKind::configName).toList());
        for (DistributionKind kind : DistributionKind.values()) {
            assertEquals(kind, DistributionKind.byName(kind.configName()));
        }
        assertThrows(IllegalArgumentException.class, () -> DistributionKind.byName("rendezvous"));
    }

    @Test
    void shouldRefuseToSpreadOverNothing() {
        for (DistributionKind kind : DistributionKind.values()) {
            assertThrows(IllegalArgumentException.class, () -> kind.over(List.of()));
        }
    }
}
