package org.millrace.conf;

/**
 * One thing that is wrong in a configuration file.
 *
 * @param file    the file's name as the operator gave it
 * @param line    from 1; 0 when the whole file is meant
 * @param column  from 1, in characters; 0 when the whole file is meant
 * @param keyPath where it stands, such as {@code alpha.servers[2]}; empty when no key is concerned
 * @param value   the text that was refused, or null when there is none or it may be a secret
 * @param message what is wrong, the value, and what is allowed or what to do
 */
public record ConfigError(String file, int line, int column, String keyPath, String value, String message) {
    /** {@code file:line:column: key.path: message}, without the parts that are not known. */
    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder(file);
        if (line > 0) {
            text.append(':').append(line).append(':').append(column);
        }
        text.append(": ");
        if (!keyPath.isEmpty()) {
            text.append(keyPath).append(": ");
        }
        return text.append(message).toString();
    }
}
