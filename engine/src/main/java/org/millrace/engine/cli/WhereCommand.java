package org.millrace.engine.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.millrace.conf.ConfigException;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
import org.millrace.routing.PoolTopology;
import org.millrace.routing.Topology;
import org.millrace.routing.distribution.ServerNode;

/** {@code millrace where}: the server of each key, by the same code that routes requests. */
final class WhereCommand {
    private static final String USAGE = "usage: millrace where -c FILE [--hex] POOL [KEY...]";

    private WhereCommand() {
    }

    static int run(String[] args, InputStream in, PrintStream out, PrintStream err) {
        String file = "conf/nutcracker.yml";
        boolean hex = false;
        boolean onlyWords = false;
        List<String> words = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            String arg = args[i];
            if (onlyWords || !arg.startsWith("-") || arg.equals("-")) {
                words.add(arg);
            } else if (arg.equals("--")) {
                onlyWords = true;
            } else if (arg.equals("--hex")) {
                hex = true;
            } else if ((arg.equals("-c") || arg.equals("--conf-file")) && i + 1 < args.length) {
                file = args[++i];
            } else if (arg.equals("-h") || arg.equals("--help")) {
                out.println(USAGE);
                out.println("Prints 'KEY SERVER ADDRESS', a line for each key; without KEY reads keys from standard"
                    + " input, one a line. --hex: keys are hexadecimal.");
                return Main.OK;
            } else {
                err.println("millrace: where: unknown option or missing value: " + arg);
                err.println(USAGE + "   (write -- before keys that begin with '-')");
                return Main.FAILED;
            }
        }
        if (words.isEmpty()) {
            err.println("millrace: where: which pool?");
            err.println(USAGE);
            return Main.FAILED;
        }
        try {
            MillraceConfig config = ConfigReader.read(Path.of(file));
            Topology topology = Topology.of(config, 1);
            int pool = topology.poolIndexOf(words.getFirst());
            if (pool < 0) {
                err.println("millrace: where: no pool '" + words.getFirst() + "' in " + file + "; it has: "
                    + config.pools().stream().map(p -> p.name()).collect(Collectors.joining(", ")));
                return Main.FAILED;
            }
            PoolTopology servers = topology.pool(pool);
            for (String key : words.subList(1, words.size())) {
                print(servers, key.getBytes(StandardCharsets.UTF_8), hex, out);
            }
            if (words.size() == 1) {
                readKeys(servers, in, hex, out);
            }
            out.flush();
            return Main.OK;
        } catch (ConfigException | IOException | IllegalArgumentException e) {
            out.flush();
            err.println("millrace: where: " + e.getMessage());
            return Main.FAILED;
        }
    }

    private static void readKeys(PoolTopology servers, InputStream in, boolean hex, PrintStream out)
        throws IOException {
        InputStream bytes = new java.io.BufferedInputStream(in);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean pending = false;
        for (int b = bytes.read(); b >= 0; b = bytes.read()) {
            pending = b != '\n';
            if (pending) {
                line.write(b);
            } else {
                print(servers, line.toByteArray(), hex, out);
                line.reset();
            }
        }
        if (pending) {
            print(servers, line.toByteArray(), hex, out);
        }
    }

    /** Prints the key as it was given, byte for byte. */
    private static void print(PoolTopology servers, byte[] given, boolean hex, PrintStream out) {
        byte[] key = given;
        if (hex) {
            String text = new String(given, StandardCharsets.US_ASCII).strip();
            try {
                key = HexFormat.of().parseHex(text);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("'" + text + "' is not hexadecimal (two digits for each byte)", e);
            }
        }
        ServerNode server = servers.serverOf(key);
        out.write(given, 0, given.length);
        out.println("\t" + server.ringName() + "\t" + server.config().address());
    }
}
