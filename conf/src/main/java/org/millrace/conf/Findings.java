package org.millrace.conf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong and what is odd in one file, so that the operator sees all of it at once. */
final class Findings {
    private static final Comparator<ConfigError> IN_FILE_ORDER =
        Comparator.comparingInt(ConfigError::line).thenComparingInt(ConfigError::column);

    private final String file;
    private final List<ConfigError> errors = new ArrayList<>();
    private final List<ConfigError> warnings = new ArrayList<>();

    Findings(String file) {
        this.file = file;
    }

    String file() {
        return file;
    }

    void error(int line, int column, String keyPath, String value, String message) {
        errors.add(new ConfigError(file, line, column, Texts.printable(keyPath), value, message));
    }

    /** An error without a value of its own. */
    void error(YamlNode at, String keyPath, String message) {
        error(at.line(), at.column(), keyPath, null, message);
    }

    /** A value that is refused: {@code wrong: "value"; remedy}. */
    void refuse(YamlNode.Scalar at, String keyPath, String wrong, String remedy) {
        error(at.line(), at.column(), keyPath, at.text(), wrong + ": " + Texts.quote(at.text()) + "; " + remedy);
    }

    void warn(YamlNode at, String keyPath, String message) {
        warnings.add(new ConfigError(file, at.line(), at.column(), Texts.printable(keyPath), null, message));
    }

    boolean isClean() {
        return errors.isEmpty();
    }

    /** The errors in file order, as an exception. */
    ConfigException exception() {
        errors.sort(IN_FILE_ORDER);
        return new ConfigException(file, errors);
    }

    /** The warnings in file order. */
    List<String> warnings() {
        return warnings.stream().sorted(IN_FILE_ORDER).map(ConfigError::toString).toList();
    }
}
