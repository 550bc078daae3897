package org.millrace.conf;

/** Where the admin port listens: {@code host:port}, or a port of 127.0.0.1. Nothing is resolved. */
final class AdminType implements ValueType<AddressConfig> {
    /** The one of its kind. */
    static final AdminType ADMIN = new AdminType();
    private static final String LOOPBACK = "127.0.0.1";

    private AdminType() {
    }

    @Override
    public AddressConfig parse(String text) throws BadValueException {
        if (text.startsWith("/")) {
            throw new BadValueException("is no address of TCP", "browsers do not open unix sockets");
        }
        return text.indexOf(':') < 0 ? AddressConfig.tcp(LOOPBACK, AddressType.port(text))
            : AddressType.LISTEN.parse(text);
    }

    @Override
    public String allowed() {
        return "host:port, or a port of 127.0.0.1";
    }
}
