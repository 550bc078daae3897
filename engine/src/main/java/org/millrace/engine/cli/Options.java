package org.millrace.engine.cli;

/**
 * The server's options, in twemproxy's letters.
 *
 * @param confFile     -c
 * @param testConf     -t
 * @param statsAddress -a
 * @param statsPort    -s
 * @param help         -h
 * @param version      -V
 */
record Options(String confFile, boolean testConf, String statsAddress, int statsPort, boolean help,
    boolean version) {

    static Options parse(String[] args) throws UsageException {
        String confFile = "conf/nutcracker.yml";
        String statsAddress = "0.0.0.0";
        int statsPort = 22222;
        boolean testConf = false;
        boolean help = false;
        boolean version = false;
        for (int i = 0; i < args.length; i++) {
            String name = args[i];
            String value = null;
            int equals = name.indexOf('=');
            if (name.startsWith("--") && equals > 0) {
                value = name.substring(equals + 1);
                name = name.substring(0, equals);
            }
            boolean takesValue = switch (name) {
                case "-c", "--conf-file", "-a", "--stats-addr", "-s", "--stats-port" -> true;
                default -> false;
            };
            if (takesValue && value == null) {
                if (++i == args.length) {
                    throw new UsageException("option " + name + " needs a value");
                }
                value = args[i];
            }
            switch (name) {
                case "-c", "--conf-file" -> confFile = value;
                case "-a", "--stats-addr" -> statsAddress = value;
                case "-s", "--stats-port" -> statsPort = port(value);
                case "-t", "--test-conf" -> testConf = true;
                case "-h", "--help" -> help = true;
                case "-V", "--version" -> version = true;
                default -> throw new UsageException(unknown(name));
            }
        }
        return new Options(confFile, testConf, statsAddress, statsPort, help, version);
    }

    private static String unknown(String name) {
        return switch (name) {
            case "-d", "--daemonize" -> "-d is not here yet: run in the foreground under systemd or another supervisor";
            case "-p", "--pid-file", "-o", "--output", "-v", "--verbose", "-m", "--mbuf-size", "-i", "--stats-interval",
                "-D", "--describe-stats" -> "option " + name + " of twemproxy is not here yet; leave it out";
            default -> name.startsWith("-") ? "unknown option " + name
                : "unknown command '" + name + "'; there are: where, demo, load, check, bench";
        };
    }

    private static int port(String value) throws UsageException {
        if (!value.matches("[0-9]{1,5}") || Integer.parseInt(value) > 65535) {
            throw new UsageException("option -s: '" + value + "' is not a port; 1..65535, or 0 for no stats port");
        }
        return Integer.parseInt(value);
    }
}
