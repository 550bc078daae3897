package org.millrace.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Directives of a pool as they are seen and changed while it serves. */
class PoolSettingsTest {
    private static final MillraceConfig CONFIG = Yaml.read(Yaml.pool("redis: true", "redis_auth: secret",
        "hash_tag: \"{}\"", "timeout: 400", "client_output_limit: 1mb 64kb 10"));

    private static PoolConfig pool() {
        return CONFIG.pools().getFirst();
    }

    private static PoolConfig with(Map<String, String> changes) {
        return PoolSettings.with(CONFIG, pool().name(), changes).pools().getFirst();
    }

    @Test
    void shouldTellEveryDirectiveButSecretsAndServers() {
        Set<String> missing = new TreeSet<>(PoolDirectives.TABLE.names());
        missing.removeAll(PoolSettings.of(pool()).keySet());
        assertEquals(Set.of("servers", "redis_auth", "redis_user", "server_auth"), missing);
        assertFalse(PoolSettings.of(pool()).toString().contains("secret"));
    }

    @Test
    void shouldGiveTheSamePoolWhenEveryChangeableDirectiveIsSetToWhatItIs() {
        Map<String, String> all = new java.util.HashMap<>(PoolSettings.of(pool()));
        all.keySet().retainAll(PoolSettings.CHANGEABLE);
        assertEquals(PoolSettings.CHANGEABLE, all.keySet());
        assertEquals(pool(), with(all));
    }

    @Test
    void shouldChangeOneDirectiveAndNothingElse() {
        for (String name : PoolSettings.CHANGEABLE) {
            assertTrue(PoolSettings.isKnown(name), name);
        }
        PoolConfig changed = with(Map.of("timeout", "500"));
        assertEquals(500, changed.timeoutMs());
        assertEquals(pool(), PoolSettings.with(new MillraceConfig("f", CONFIG.engine(), List.of(changed)),
            pool().name(), Map.of("timeout", "400")).pools().getFirst());
    }

    @Test
    void shouldRefuseWhatTheFileMayNotSayEither() {
        for (Map<String, String> bad : List.of(Map.of("timeout", "soon"), Map.of("timeout", ""),
            Map.of("eject", "maybe"), Map.of("client_max_queue", "0"), Map.of("client_max_bytes", "64kb"))) {
            assertThrows(ConfigException.class, () -> with(bad), bad.toString());
        }
        assertThrows(ConfigException.class, () -> PoolSettings.with(CONFIG, "nosuch", Map.of("timeout", "1")));
    }

    @Test
    void shouldReadWhoMayAdminister() {
        assertFalse(pool().allowsAdmin(false));
        PoolConfig read = Yaml.read(Yaml.pool("redis: true", "admin_commands: read")).pools().getFirst();
        assertTrue(read.allowsAdmin(false));
        assertFalse(read.allowsAdmin(true));
        MillraceConfig all = Yaml.read(Yaml.pool("redis: true", "admin_commands: all"));
        assertTrue(all.pools().getFirst().allowsAdmin(true));
        assertTrue(all.warnings().stream().anyMatch(line -> line.contains("whoever reaches this port")),
            all.warnings().toString());
        assertThrows(ConfigException.class, () -> Yaml.read(Yaml.pool("redis: true", "admin_commands: some")));
        assertTrue(Yaml.read(Yaml.pool("admin_commands: read")).warnings().stream()
            .anyMatch(line -> line.contains("admin_commands: has no effect without 'redis: true'")));
    }
}
