package org.millrace.engine;

import java.util.ArrayList;
import java.util.List;
import org.millrace.conf.ConfigError;
import org.millrace.conf.ConfigException;
import org.millrace.conf.MillraceConfig;

/** What a configuration may ask for and this version cannot do: refused or told at start, never ignored in silence. */
public final class Unsupported {
    private Unsupported() {
    }

    /**
     * Refuses what cannot be served at all.
     *
     * @throws ConfigException that tells of memory that is not enough for the lanes
     */
    public static void check(MillraceConfig config) {
        List<ConfigError> errors = new ArrayList<>();
        MemoryShare.check(config, errors);
        CaptureSwitch.check(config, errors);
        if (!errors.isEmpty()) {
            throw new ConfigException(config.file(), errors);
        }
    }

    /** What is accepted and has no effect, or not all of it. */
    public static List<String> warnings(MillraceConfig config) {
        List<String> warnings = new ArrayList<>();
        MemoryShare.warn(config, warnings);
        return warnings;
    }
}
