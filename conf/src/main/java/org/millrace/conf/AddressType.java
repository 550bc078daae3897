package org.millrace.conf;

import java.nio.charset.StandardCharsets;

/** Where a pool listens: {@code host:port}, or the path of a unix socket with an octal mode. Nothing is resolved. */
final class AddressType implements ValueType<AddressConfig> {
    /** The one of its kind. */
    static final AddressType LISTEN = new AddressType();
    private static final int MAX_PORT = 65_535;
    /** {@code sun_path} of Linux, less the closing zero. */
    private static final int MAX_PATH_BYTES = 107;
    private static final int MAX_MODE = 0777;

    private AddressType() {
    }

    @Override
    public AddressConfig parse(String text) throws BadValueException {
        return text.startsWith("/") ? unix(text) : tcp(text);
    }

    @Override
    public String allowed() {
        return "host:port, or /path of a unix socket with an optional octal mode";
    }

    private static AddressConfig tcp(String text) throws BadValueException {
        final int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new BadValueException("has no port");
        }
        final int port = port(text.substring(colon + 1));
        if (colon == 0) {
            throw new BadValueException("has no host", "write 0.0.0.0" + text + " for every address");
        }
        return AddressConfig.tcp(host(text.substring(0, colon)), port);
    }

    private static AddressConfig unix(String text) throws BadValueException {
        final int space = text.lastIndexOf(' ');
        if (space < 0) {
            return AddressConfig.unix(path(text), 0);
        }
        final String mode = text.substring(space + 1);
        // twemproxy leaves the mode alone when it cannot read it: a socket more open than the operator meant
        if (!mode.matches("[0-7]{1,4}") || Integer.parseInt(mode, 8) > MAX_MODE) {
            throw new BadValueException("has an invalid file mode at its end", "octal, 0..0777, such as 0660");
        }
        return AddressConfig.unix(path(text.substring(0, space)), Integer.parseInt(mode, 8));
    }

    /** A port from its digits. */
    static int port(String digits) throws BadValueException {
        final long port = NumberTypes.digits(digits);
        if (port < 1 || port > MAX_PORT) {
            throw new BadValueException("has an invalid port", "a port is 1.." + MAX_PORT);
        }
        return (int) port;
    }

    /** A host name or address, brackets around an IPv6 address taken off. */
    static String host(String text) throws BadValueException {
        final boolean bracketed = text.length() > 2 && text.startsWith("[") && text.endsWith("]");
        final String host = bracketed ? text.substring(1, text.length() - 1) : text;
        for (int i = 0; i < host.length(); i++) {
            if (host.charAt(i) <= ' ' || host.charAt(i) == 0x7f) {
                throw new BadValueException("has a space or control character in the host");
            }
        }
        return host;
    }

    /** A path that the system accepts for a unix socket. */
    static String path(String text) throws BadValueException {
        if (text.length() < 2) {
            throw new BadValueException("has no file name in the path");
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
            throw new BadValueException("has a path longer than " + MAX_PATH_BYTES + " bytes", "the system's limit");
        }
        if (text.chars().anyMatch(c -> c < ' ')) {
            throw new BadValueException("has a control character in the path");
        }
        return text;
    }
}
