package org.millrace.conf;

import java.util.List;

/** A configuration file that cannot be used. Holds every error that was found, in file order. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MAX_SHOWN = 50;

    private final transient List<ConfigError> errors;

    public ConfigException(String file, List<ConfigError> errors) {
        super(text(file, errors));
        this.errors = List.copyOf(errors);
    }

    /** At least one. */
    public List<ConfigError> errors() {
        return errors;
    }

    private static String text(String file, List<ConfigError> errors) {
        final StringBuilder text = new StringBuilder();
        text.append("configuration file '").append(file).append("' is invalid: ").append(errors.size())
            .append(errors.size() == 1 ? " error" : " errors");
        for (int i = 0; i < Math.min(errors.size(), MAX_SHOWN); i++) {
            text.append('\n').append(errors.get(i));
        }
        if (errors.size() > MAX_SHOWN) {
            text.append("\n... and ").append(errors.size() - MAX_SHOWN).append(" more");
        }
        return text.toString();
    }
}
