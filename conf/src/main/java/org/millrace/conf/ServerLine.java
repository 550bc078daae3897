package org.millrace.conf;

/**
 * The grammar of a server: {@code host:port:weight [name]} or {@code /path:weight [name]}, cut from its end: the name
 * after the last space, the weight after the last colon before it, the port after the last colon before that. So an
 * IPv6 address needs no brackets.
 */
final class ServerLine implements ValueType<ServerConfig> {
    /** The one of its kind. */
    static final ServerLine SERVER = new ServerLine();
    /** memcached's port, which ketama clients always left out of the ring name. */
    private static final int PORT_LEFT_OUT = 11_211;

    private ServerLine() {
    }

    @Override
    public ServerConfig parse(String text) throws BadValueException {
        final int space = text.lastIndexOf(' ');
        final String name = space < 0 ? null : text.substring(space + 1);
        if (space >= 0 && (name.isEmpty() || space == 0 || text.charAt(space - 1) == ' ')) {
            throw new BadValueException("has too many spaces", "one space before the name, and none in the name");
        }
        final String place = space < 0 ? text : text.substring(0, space);
        final int colon = place.lastIndexOf(':');
        if (colon < 0) {
            throw new BadValueException("has no weight", "add one: " + Texts.quote(place + ":1"));
        }
        final String address = place.substring(0, colon);
        final boolean unix = place.startsWith("/");
        final int portColon = address.lastIndexOf(':');
        if (!unix && portColon < 0) {
            throw new BadValueException("has no weight", "add one: " + Texts.quote(place + ":1"));
        }
        final int weight = weight(place.substring(colon + 1), unix);
        return unix ? unix(address, weight, name) : tcp(address, portColon, weight, name);
    }

    @Override
    public String allowed() {
        return "host:port:weight [name] or /path:weight [name]";
    }

    private static int weight(String digits, boolean unix) throws BadValueException {
        final long weight = NumberTypes.digits(digits);
        if (weight < 1 || weight > Integer.MAX_VALUE) {
            throw new BadValueException(weight == 0 ? "has a zero weight" : "has an invalid weight at its end",
                "a weight is 1.." + Integer.MAX_VALUE + (unix ? "" : ", after the port"));
        }
        return (int) weight;
    }

    private static ServerConfig unix(String address, int weight, String name) throws BadValueException {
        if (address.indexOf(':') >= 0) {
            throw new BadValueException("has a colon in the path of a unix socket", "a unix socket has no port");
        }
        final AddressConfig unix = AddressConfig.unix(AddressType.path(address), 0);
        // the colon that would stand before a port is part of the name: such keys were placed with it
        return new ServerConfig(unix, weight, name, name != null ? name : address + ':');
    }

    private static ServerConfig tcp(String address, int colon, int weight, String name) throws BadValueException {
        final String host = address.substring(0, colon);
        final int port = AddressType.port(address.substring(colon + 1));
        if (host.isEmpty()) {
            throw new BadValueException("has no host");
        }
        final String ringName = port == PORT_LEFT_OUT ? host : address;
        return new ServerConfig(AddressConfig.tcp(AddressType.host(host), port), weight, name,
            name != null ? name : ringName);
    }
}
