package org.millrace.conf;

import org.millrace.conf.YamlNode.Entry;
import org.millrace.conf.YamlNode.Mapping;
import org.millrace.conf.YamlNode.Refused;
import org.millrace.conf.YamlNode.Scalar;

/** Reads the mapping below {@code server_auth:}, and gives the servers what it holds once they are known. */
final class ServerAuthReader {
    /** What may stand there. */
    static final String ALLOWED = "a mapping, one 'server: password' a line, each server by its name in the ring";

    private ServerAuthReader() {
    }

    /** Fills {@link PoolDraft#serverAuth}. */
    static void read(PoolDraft pool, YamlNode value, String keyPath, Findings findings) {
        if (!(value instanceof Mapping mapping) || mapping.flow()) {
            if (!(value instanceof Refused)) {
                findings.error(value, keyPath, "must be a mapping; write one 'server: password' a line, indented below "
                    + "it");
            }
            return;
        }
        for (final Entry entry : mapping.entries()) {
            final String path = keyPath + '.' + entry.key().text();
            if (pool.serverAuth.containsKey(entry.key().text())) {
                findings.error(entry.key(), path, "is a duplicate; remove one");
            } else if (entry.value() instanceof Scalar scalar && !scalar.text().isEmpty()) {
                put(pool, entry.key(), scalar, path, findings);
            } else if (!(entry.value() instanceof Refused)) {
                findings.error(entry.value(), path, "must be a single value; allowed: " + SecretType.SECRET.allowed());
            }
        }
    }

    private static void put(PoolDraft pool, Scalar server, Scalar secret, String path, Findings findings) {
        try {
            pool.serverAuth.put(server.text(), SecretType.SECRET.parse(secret.text()));
            pool.serverAuthAt.put(server.text(), server);
        } catch (final BadValueException e) {
            findings.refuse(secret, path, e.getMessage(), "allowed: " + SecretType.SECRET.allowed()
                + (e.hint() == null ? "" : " (" + e.hint() + ')'));
        }
    }

    /** Reports names that no server has. */
    static void checkNames(PoolDraft pool, String keyPath, Findings findings) {
        pool.serverAuthAt.forEach((name, at) -> {
            if (pool.servers.stream().noneMatch(server -> server.ringName().equals(name))) {
                final String near = Texts.nearest(name, pool.servers.stream().map(ServerConfig::ringName).toList());
                findings.error(at, keyPath + '.' + name, "is no server of this pool; "
                    + (near == null ? "write its name, or its address as it stands in servers without the weight"
                        : "did you mean " + near + '?'));
            }
        });
    }
}
