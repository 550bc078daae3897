package org.millrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;

/** What is said at start when the system's limit of open files is too low, and when nothing is. */
class DescriptorLimitTest {
    @Test
    void shouldAskForWhatClientsAndLinksNeed() {
        MillraceConfig config = config("client_connections: 500", "fused");
        long needed = 500 + DescriptorLimit.besidesClients(config);
        assertEquals(List.of(), DescriptorLimit.warnings(config, needed));
        assertEquals(List.of("the system allows " + (needed - 1) + " open files: that is room for 499 clients beside "
            + "links (12); for 500 clients (client_connections) raise it to " + needed + " (ulimit -n, or "
            + "LimitNOFILE= of the systemd unit)"), DescriptorLimit.warnings(config, needed - 1));
    }

    @Test
    void shouldAskForRoomForSomeClientsWhereTheirNumberIsNotLimited() {
        MillraceConfig config = config("client_connections: 0", "fused");
        long needed = DescriptorLimit.FEW_CLIENTS + DescriptorLimit.besidesClients(config);
        assertEquals(List.of(), DescriptorLimit.warnings(config, needed));
        String warning = DescriptorLimit.warnings(config, 64).getFirst();
        assertTrue(warning.contains("room for 0 clients"), warning);
        assertTrue(warning.contains("and 1000 for each pool without) raise it to " + needed), warning);
    }

    @Test
    void shouldCountEveryLaneAndHalf() {
        long fused = DescriptorLimit.besidesClients(config("timeout: 1", "fused"));
        long split = DescriptorLimit.besidesClients(config("timeout: 1", "split"));
        assertEquals(fused + 2 * DescriptorLimit.TRANSPORT, split);
        assertEquals(DescriptorLimit.PROCESS + 1 + 2 * 2 * 3 + 2 * DescriptorLimit.TRANSPORT, fused);
    }

    private static MillraceConfig config(String directive, String stageThreads) {
        return ConfigReader.read("test.yml", "alpha:\n  listen: 127.0.0.1:1\n  redis: true\n  " + directive
            + "\n  server_connections: 3\n  servers:\n    - 127.0.0.1:2:1\n    - 127.0.0.1:3:1\n"
            + "millrace:\n  lanes: 2\n  stage_threads: " + stageThreads + "\n");
    }
}
