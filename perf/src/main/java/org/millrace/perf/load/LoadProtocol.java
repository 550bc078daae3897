package org.millrace.perf.load;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.millrace.perf.client.Framing;
import org.millrace.perf.client.MemcachedReplyFramer;
import org.millrace.perf.client.RespReplyFramer;

/** What the load generator can speak. */
public enum LoadProtocol {
    /** RESP2. */
    REDIS(RedisCommand.values()) {
        @Override
        Framing framing() {
            return new RespReplyFramer();
        }

        @Override
        boolean isError(byte[] b, int from, int to) {
            return b[from] == '-';
        }
    },
    /** The text protocol of memcached, meta commands among it. */
    MEMCACHED(MemcachedCommand.values()) {
        @Override
        Framing framing() {
            return new MemcachedReplyFramer();
        }

        @Override
        boolean isError(byte[] b, int from, int to) {
            // Values may have come before the error.
            int line = to - 2;
            while (line > from && b[line - 1] != '\n') {
                line--;
            }
            String text = new String(b, line, to - line, StandardCharsets.ISO_8859_1);
            return text.startsWith("ERROR") || text.startsWith("CLIENT_ERROR") || text.startsWith("SERVER_ERROR");
        }
    };

    private final List<LoadCommand> commands;

    LoadProtocol(LoadCommand... commands) {
        this.commands = List.of(commands);
    }

    /**
     * Reads its name.
     *
     * @throws IllegalArgumentException if there is no such protocol
     */
    public static LoadProtocol parse(String text) {
        for (LoadProtocol protocol : values()) {
            if (protocol.lowerName().equals(text.toLowerCase(Locale.ROOT))) {
                return protocol;
            }
        }
        throw new IllegalArgumentException(text + ": redis or memcached is needed");
    }

    /** Name as in {@code --protocol}. */
    public String lowerName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All that can be in a mix, each at the index of its ordinal. */
    public List<LoadCommand> commands() {
        return commands;
    }

    /** A new framing for one connection. */
    abstract Framing framing();

    /** Whether a reply that is not right says that the server could not do what was asked. */
    abstract boolean isError(byte[] b, int from, int to);
}
