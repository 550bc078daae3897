package org.millrace.engine.control.admin;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.millrace.engine.client.ClientRow;

/** Which clients CLIENT LIST and CLIENT KILL mean, in the words of Redis. Immutable once read. */
final class ClientFilter {
    private static final String SYNTAX = "ERR syntax error";
    private static final Set<String> TYPES = Set.of("normal", "master", "replica", "slave", "pubsub");

    private final Set<Long> ids = new HashSet<>();
    private String address;
    private String localAddress;
    private String type;
    private String user;
    private long maxAgeS;
    private boolean skipsAsker = true;

    private ClientFilter() {
    }

    /** CLIENT KILL of the old form: an address alone. */
    static ClientFilter ofAddress(String address) {
        ClientFilter filter = new ClientFilter();
        filter.address = address;
        filter.skipsAsker = false;
        return filter;
    }

    /** What CLIENT LIST says: a type, ids, or nothing. */
    static ClientFilter ofList(AdminCall call) throws BadWordException {
        ClientFilter filter = new ClientFilter();
        filter.skipsAsker = false;
        for (int i = 0; i < call.words(); i++) {
            if (call.is(i, "type") && i + 1 < call.words()) {
                filter.type = type(call.text(++i));
            } else if (call.is(i, "id") && i + 1 < call.words()) {
                // all that follow
                for (i++; i < call.words(); i++) {
                    filter.ids.add(number(call.text(i), "ERR Invalid client ID"));
                }
            } else {
                throw new BadWordException(SYNTAX);
            }
        }
        return filter;
    }

    /** What CLIENT KILL says in its newer form: names and values by turns. */
    static ClientFilter ofKill(AdminCall call) throws BadWordException {
        ClientFilter filter = new ClientFilter();
        if (call.words() % 2 != 0) {
            throw new BadWordException(SYNTAX);
        }
        for (int i = 0; i < call.words(); i += 2) {
            filter.add(call.text(i).toLowerCase(Locale.ROOT), call.text(i + 1));
        }
        return filter;
    }

    private void add(String name, String value) throws BadWordException {
        switch (name) {
            case "id" -> ids.add(number(value, "ERR client-id should be greater than 0"));
            case "addr" -> address = value;
            case "laddr" -> localAddress = value;
            case "type" -> type = type(value);
            case "user" -> user = value;
            case "maxage" -> maxAgeS = number(value, "ERR maxage is not an integer or out of range");
            case "skipme" -> {
                if (!value.equalsIgnoreCase("yes") && !value.equalsIgnoreCase("no")) {
                    throw new BadWordException(SYNTAX);
                }
                skipsAsker = value.equalsIgnoreCase("yes");
            }
            default -> throw new BadWordException(SYNTAX);
        }
    }

    private static String type(String word) throws BadWordException {
        String type = word.toLowerCase(Locale.ROOT);
        if (!TYPES.contains(type)) {
            throw new BadWordException("ERR Unknown client type '" + word + "'");
        }
        return type;
    }

    private static long number(String text, String error) throws BadWordException {
        if (!text.matches("[0-9]{1,18}") || Long.parseLong(text) == 0) {
            throw new BadWordException(error);
        }
        return Long.parseLong(text);
    }

    /**
     * Whether this client is meant.
     *
     * @param asker    id of the client that asks
     * @param userName of all clients of the pool
     */
    boolean matches(ClientRow row, long asker, String userName) {
        return (ids.isEmpty() || ids.contains(row.id()))
            && (address == null || address.equals(row.address()))
            && (localAddress == null || localAddress.equals(row.localAddress()))
            && (type == null || type.equals("normal"))
            && (user == null || user.equals(userName))
            && (maxAgeS == 0 || row.ageNs() / 1_000_000_000 >= maxAgeS)
            && !(skipsAsker && row.id() == asker);
    }
}
