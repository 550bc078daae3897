package org.millrace.conf;

import java.util.HashMap;
import java.util.Map;
import org.millrace.conf.YamlNode.Mapping;
import org.millrace.conf.YamlNode.Refused;
import org.millrace.conf.YamlNode.Scalar;
import org.millrace.conf.YamlNode.Sequence;

/** Reads the list below {@code servers:}. */
final class ServersReader {
    /** modula keeps one table entry for each unit of weight. */
    private static final long MAX_WEIGHT_MODULA = 1 << 24;
    private static final long MAX_WEIGHT = Integer.MAX_VALUE;

    private ServersReader() {
    }

    /** Fills {@link PoolDraft#servers} in file order. */
    static void read(PoolDraft pool, YamlNode value, String keyPath, Findings findings) {
        if (!(value instanceof Sequence list)) {
            if (!(value instanceof Refused)) {
                findings.error(value, keyPath,
                    "must be a list; write one '- " + ServerLine.SERVER.allowed() + "' a line");
            }
            return;
        }
        if (list.flow()) {
            findings.error(list, keyPath, "the [ ] style is not allowed here; write one '- "
                + ServerLine.SERVER.allowed() + "' a line");
            return;
        }
        final Map<String, Scalar> byRingName = new HashMap<>();
        for (int i = 0; i < list.items().size(); i++) {
            final YamlNode item = list.items().get(i);
            final String itemPath = keyPath + '[' + i + ']';
            if (item instanceof Scalar scalar) {
                server(pool, scalar, itemPath, byRingName, findings);
            } else if (!(item instanceof Refused)) {
                findings.error(item, itemPath, "must be a single line" + (item instanceof Mapping
                    ? "; a space after a colon makes it a mapping: write it without" : "") + "; allowed: "
                    + ServerLine.SERVER.allowed());
            }
        }
    }

    private static void server(PoolDraft pool, Scalar line, String path, Map<String, Scalar> byRingName,
        Findings findings) {
        if (line.text().isEmpty()) {
            findings.error(line, path, "has no value; allowed: " + ServerLine.SERVER.allowed());
            return;
        }
        try {
            final ServerConfig server = ServerLine.SERVER.parse(line.text());
            final Scalar first = byRingName.putIfAbsent(server.ringName(), line);
            if (first != null) {
                findings.refuse(line, path, "is named " + Texts.quote(server.ringName()) + " as the server on line "
                    + first.line() + " is", "give each server of a pool its own name after a space, or remove one");
            } else {
                pool.servers.add(server);
            }
        } catch (final BadValueException e) {
            findings.refuse(line, path, e.getMessage(), "allowed: " + ServerLine.SERVER.allowed()
                + (e.hint() == null ? "" : " (" + e.hint() + ')'));
        }
    }

    /** What can only be told when the whole pool was read. */
    static void checkWeights(PoolDraft pool, YamlNode servers, String keyPath, Findings findings) {
        final long sum = pool.servers.stream().mapToLong(ServerConfig::weight).sum();
        final long max = "modula".equals(pool.distribution) ? MAX_WEIGHT_MODULA : MAX_WEIGHT;
        if (sum > max) {
            findings.error(servers, keyPath, "the weights add up to " + sum + "; allowed with " + pool.distribution
                + ": " + max + " (divide all weights by the same number)");
        }
    }
}
