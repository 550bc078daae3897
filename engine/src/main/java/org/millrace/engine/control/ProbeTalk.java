package org.millrace.engine.control;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.stream.Stream;
import org.millrace.conf.Credentials;
import org.millrace.conf.PoolConfig;
import org.millrace.conf.ServerConfig;

/** What is said to a server to learn whether it is there, and what its answers mean. */
interface ProbeTalk {
    /** Is not known yet: more has to come. */
    String MORE = "more";

    /** What is sent. */
    byte[] question();

    /**
     * What has come so far means.
     *
     * @return null = it works; {@link #MORE}; else what is wrong
     */
    String meaning(String received);

    /** In the protocol of the pool. */
    static ProbeTalk of(PoolConfig pool, ServerConfig server) {
        return pool.redis() ? new Redis(pool.authFor(server), pool.redisDb()) : new Memcached();
    }

    /** PING, after AUTH and SELECT where links say them too. */
    record Redis(Credentials auth, int db) implements ProbeTalk {
        /** Answers of a server that works, and has no PING, or not for us. */
        private static final List<String> ALIVE = List.of("+PONG", "-NOAUTH", "-NOPERM", "-ERR unknown command");

        @Override
        public byte[] question() {
            StringBuilder text = new StringBuilder();
            if (auth != null) {
                append(text, Stream.of("AUTH", auth.user(), auth.password()).filter(word -> word != null).toList());
            }
            if (db > 0) {
                append(text, List.of("SELECT", Integer.toString(db)));
            }
            append(text, List.of("PING"));
            return text.toString().getBytes(UTF_8);
        }

        private static void append(StringBuilder text, List<String> words) {
            text.append('*').append(words.size()).append("\r\n");
            words.forEach(word -> text.append('$').append(word.getBytes(UTF_8).length).append("\r\n").append(word)
                .append("\r\n"));
        }

        @Override
        public String meaning(String received) {
            String[] lines = received.split("\r\n", -1);
            // behind the last line end is what is not whole yet
            int whole = lines.length - 1;
            int at = 0;
            if (auth != null && at < whole) {
                String reply = lines[at++];
                if (reply.startsWith("-") && !isAboutNoPassword(reply)) {
                    return reply.substring(1);
                }
            }
            if (db > 0 && at < whole) {
                String reply = lines[at++];
                // without a password for it, it says the same of everything
                if (reply.startsWith("-") && !reply.startsWith("-NOAUTH")) {
                    return reply.substring(1);
                }
            }
            int before = (auth == null ? 0 : 1) + (db > 0 ? 1 : 0);
            if (at < before || at == whole) {
                return MORE;
            }
            String last = lines[at];
            return ALIVE.stream().anyMatch(last::startsWith) ? null
                : last.startsWith("-") ? last.substring(1) : "it does not speak Redis's protocol";
        }

        /** A server without a password refuses AUTH, and serves all the same. */
        private static boolean isAboutNoPassword(String reply) {
            return reply.contains("no password is set") || reply.contains("without any password configured");
        }

        /** Leaves out the password. */
        @Override
        public String toString() {
            return "PING";
        }
    }

    /** version. */
    record Memcached() implements ProbeTalk {
        @Override
        public byte[] question() {
            return "version\r\n".getBytes(ISO_8859_1);
        }

        @Override
        public String meaning(String received) {
            int end = received.indexOf("\r\n");
            if (end < 0) {
                return MORE;
            }
            return received.startsWith("VERSION ") ? null : received.substring(0, end);
        }
    }
}
