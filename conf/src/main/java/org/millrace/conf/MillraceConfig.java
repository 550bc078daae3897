package org.millrace.conf;

import java.util.List;

/**
 * A whole configuration file.
 *
 * @param file   the file's name, for messages
 * @param engine Millrace's own settings
 * @param pools  ordered as twemproxy orders them: by name length, then bytewise
 */
public record MillraceConfig(String file, EngineConfig engine, List<PoolConfig> pools) {
    public MillraceConfig {
        pools = List.copyOf(pools);
    }
}
