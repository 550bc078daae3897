package org.millrace.conf;

import java.util.List;

/**
 * A whole configuration file.
 *
 * @param file     the file's name, for messages
 * @param engine   Millrace's own settings
 * @param pools    ordered as twemproxy orders them: by name length, then bytewise
 * @param warnings what was accepted but may surprise, each with {@code file:line:column: key.path: }, in file order
 */
public record MillraceConfig(String file, EngineConfig engine, List<PoolConfig> pools, List<String> warnings) {
    public MillraceConfig {
        pools = List.copyOf(pools);
        warnings = List.copyOf(warnings);
    }

    /** A configuration without warnings. */
    public MillraceConfig(String file, EngineConfig engine, List<PoolConfig> pools) {
        this(file, engine, pools, List.of());
    }
}
