package org.millrace.perf.cli;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The options of one command as given: {@code --name value}, {@code --name=value} or {@code --switch}, each once. */
final class Arguments {
    private static final int MAX_PORT = 65_535;

    private final Map<String, String> values = new HashMap<>();

    private Arguments() {
    }

    /** Reads what follows a command's name; refuses what is not among {@code options}. */
    static Arguments parse(List<Option> options, List<String> args) {
        Arguments parsed = new Arguments();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            if (!arg.startsWith("--")) {
                throw new UsageException("\"" + arg + "\" is not an option; options begin with --");
            }
            int equals = arg.indexOf('=');
            String name = equals < 0 ? arg.substring(2) : arg.substring(2, equals);
            Option option = find(options, name);
            String value;
            if (option.isSwitch()) {
                if (equals >= 0) {
                    throw new UsageException("--" + name + " takes no value");
                }
                value = "";
            } else if (equals >= 0) {
                value = arg.substring(equals + 1);
            } else if (i + 1 < args.size()) {
                value = args.get(++i);
            } else {
                throw new UsageException("--" + name + " needs a value: --" + name + ' ' + option.value());
            }
            if (parsed.values.put(name, value) != null) {
                throw new UsageException("--" + name + " is given twice");
            }
        }
        return parsed;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    long durationNs(String name, long otherwise) {
        return has(name) ? Quantities.durationNs(name, values.get(name)) : otherwise;
    }

    long count(String name, long otherwise, long min, long max) {
        return has(name) ? Quantities.amount(name, values.get(name), false, min, max) : otherwise;
    }

    int size(String name, int otherwise, int min, int max) {
        return has(name) ? (int) Quantities.amount(name, values.get(name), true, min, max) : otherwise;
    }

    long bytes(String name, long otherwise, long min, long max) {
        return has(name) ? Quantities.amount(name, values.get(name), true, min, max) : otherwise;
    }

    double number(String name, double otherwise, double min, double max) {
        if (!has(name)) {
            return otherwise;
        }
        try {
            double value = Double.parseDouble(values.get(name));
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below.
        }
        throw new UsageException("--" + name + ' ' + values.get(name) + ": a number from " + min + " to " + max
            + " is needed");
    }

    double perSecond(String name, double otherwise) {
        return has(name) ? Quantities.perSecond(name, values.get(name)) : otherwise;
    }

    int port(String name, int otherwise) {
        return (int) count(name, otherwise, 1, MAX_PORT);
    }

    long seed(String name, long otherwise) {
        if (!has(name)) {
            return otherwise;
        }
        try {
            return Long.parseLong(values.get(name));
        } catch (NumberFormatException e) {
            throw new UsageException("--" + name + ' ' + values.get(name) + ": a whole number is needed");
        }
    }

    /** {@code host:port}, {@code [::1]:port} or {@code port} alone for this machine. */
    InetSocketAddress address(String name, String otherwise) {
        String text = text(name, otherwise);
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "127.0.0.1" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        int port;
        try {
            port = Integer.parseInt(text.substring(colon + 1));
        } catch (NumberFormatException e) {
            port = -1;
        }
        if (host.isEmpty() || port < 1 || port > MAX_PORT) {
            throw new UsageException("--" + name + ' ' + text + ": host:port is needed, such as 127.0.0.1:22121");
        }
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new UsageException("--" + name + ' ' + text + ": no host is called " + host);
        }
        return address;
    }

    private static Option find(List<Option> options, String name) {
        Option nearest = null;
        int best = 3;
        for (Option option : options) {
            if (option.name().equals(name)) {
                return option;
            }
            int distance = distance(option.name(), name);
            if (distance < best || option.name().startsWith(name) && !name.isEmpty()) {
                best = distance;
                nearest = option;
            }
        }
        throw new UsageException("there is no option --" + name
            + (nearest == null ? "; --help shows all" : "; did you mean --" + nearest.name() + "?"));
    }

    /** Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
