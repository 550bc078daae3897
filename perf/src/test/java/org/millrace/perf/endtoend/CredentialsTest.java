package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.ServerCounter;
import org.millrace.perf.server.LocalRedis;

/** Real servers with users and passwords of their own, one of them behind a unix socket, and a pool in a database. */
@Timeout(60)
class CredentialsTest {
    private static final String OF_CLIENTS = "pw-4721-of-clients";
    private static final String OF_SECOND = "pw-4722-of-the-second";
    private static final int LINKS = 2;

    @TempDir
    private Path folder;

    private static LocalRedis server(String password, String... more) throws IOException {
        String[] users = {"--user", "default", "on", "nopass", "~*", "+@all", "--user", "app", "on", ">" + password,
            "~*", "+@all"};
        String[] all = new String[users.length + more.length];
        System.arraycopy(users, 0, all, 0, users.length);
        System.arraycopy(more, 0, all, users.length, more.length);
        return LocalRedis.start(all);
    }

    private String file(String name, String password) throws IOException {
        return "file:" + Files.writeString(folder.resolve(name), password + '\n');
    }

    /** Sets keys on both servers, on both links of each. */
    private static void setSome(ProxyKit kit, int round) throws IOException {
        for (int i = 0; i < 2 * LINKS; i++) {
            try (RawClient client = new RawClient(kit.port())) {
                assertTrue(client.call("HELLO", "2", "AUTH", "app", OF_CLIENTS).startsWith("*"));
                for (int server = 0; server < 2; server++) {
                    String key = kit.keyOn(server, round + "-" + i + '-', 0);
                    Await.until("a good reply", () -> isSet(client, key));
                }
            }
        }
    }

    private static boolean isSet(RawClient client, String key) {
        try {
            return client.call("SET", key, "v").equals("+OK\r\n");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static long links(ProxyKit kit, int server) {
        return kit.millrace().totals().server(0, server, ServerCounter.SERVER_CONNECTIONS);
    }

    /** How many keys a database has. */
    private static String size(LocalRedis server, int database) throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            client.expect("+OK\r\n", "SELECT", Integer.toString(database));
            return client.call("DBSIZE");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldBeInItsDatabaseAsItsUserOnEveryKindOfLink(LaneKind kind) throws Exception {
        String path = folder.resolve("redis.sock").toString();
        try (LocalRedis first = server(OF_CLIENTS); LocalRedis second = server(OF_SECOND, "--unixsocket", path);
            ProxyKit kit = ProxyKit.with(kind).servers(0).otherServer("127.0.0.1:" + first.port() + ":1 first")
                .otherServer(path + ":1 second").pool("redis_user", "app")
                .pool("redis_auth", file("of-clients", OF_CLIENTS))
                .pool("server_auth", "\n    second: " + file("of-second", OF_SECOND)).pool("redis_db", "5")
                .pool("preconnect", "true").pool("server_connections", Integer.toString(LINKS)).start()) {
            Await.until("the first links", () -> links(kit, 0) == LINKS && links(kit, 1) == LINKS);
            setSome(kit, 1);
            // so that others are opened, on demand
            first.call("CLIENT", "KILL", "USER", "app");
            second.call("CLIENT", "KILL", "USER", "app");
            Await.until("the end of all links", () -> links(kit, 0) == 0 && links(kit, 1) == 0);
            setSome(kit, 2);
            for (LocalRedis each : new LocalRedis[] {first, second}) {
                assertEquals(":0\r\n", size(each, 0));
                assertEquals(":" + 4 * LINKS + "\r\n", size(each, 5));
                assertEquals("all", lineOfUsers(each));
            }
            try (RawClient client = new RawClient(kit.port())) {
                client.expect("-NOAUTH Authentication required.\r\n", "GET", "k");
                client.expect("-WRONGPASS invalid username-password pair or user is disabled.\r\n", "AUTH", "app",
                    OF_SECOND);
                client.expect("+OK\r\n", "AUTH", "app", OF_CLIENTS);
                String told = client.call("INFO", "everything") + kit.log();
                assertFalse(told.contains("pw-47"), told);
            }
            assertFalse(kit.log().contains("refused AUTH or SELECT"), kit.log());
        }
    }

    /** "all" if every link is of the user app, else what there is. */
    private static String lineOfUsers(LocalRedis server) throws IOException {
        String list = server.call("CLIENT", "LIST");
        return list.lines().filter(line -> !line.contains("cmd=client")).allMatch(line -> line.contains("user=app")
            && line.contains(" db=5 ")) ? "all" : list;
    }

    /** A user that may not select would write to database 0. */
    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldWriteNothingToAnotherDatabase(LaneKind kind) throws Exception {
        try (LocalRedis redis = server(OF_CLIENTS); ProxyKit kit = ProxyKit.with(kind).servers(0)
            .otherServer("127.0.0.1:" + redis.port() + ":1 first").pool("redis_user", "app")
            .pool("redis_auth", OF_CLIENTS).pool("redis_db", "5").limit("link_retry_max_ms", "20").start();
            RawClient client = kit.client()) {
            redis.call("ACL", "SETUSER", "app", "-select");
            client.expect("+OK\r\n", "AUTH", "app", OF_CLIENTS);
            for (int i = 0; i < 3; i++) {
                client.expect("-ERR Connection refused\r\n", "SET", "k", "v");
                client.expect("-ERR Connection refused\r\n", "MGET", "k", "l");
            }
            Await.until(kit::log, Duration.ofSeconds(20),
                () -> kit.log().contains("server first refused AUTH or SELECT: -NOPERM"));
            assertEquals(":0\r\n", size(redis, 0));
            redis.call("ACL", "SETUSER", "app", "+select");
            Await.until("the server's return", () -> isSet(client, "k"));
            assertEquals(":0\r\n", size(redis, 0));
            assertEquals(":1\r\n", size(redis, 5));
        }
    }

    /** Then every request says so, and the log once why. */
    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldTellOnceThatAServerRefusesThePassword(LaneKind kind) throws Exception {
        try (LocalRedis redis = server(OF_SECOND);
            ProxyKit kit = ProxyKit.with(kind).servers(0).otherServer("127.0.0.1:" + redis.port() + ":1 first")
                .pool("redis_user", "app").pool("redis_auth", OF_CLIENTS).start(); RawClient client = kit.client()) {
            redis.call("ACL", "SETUSER", "default", "reset", "on", ">other", "~*", "+@all");
            client.expect("+OK\r\n", "AUTH", "app", OF_CLIENTS);
            for (int i = 0; i < 3; i++) {
                client.expect("-NOAUTH Authentication required.\r\n", "SET", "k", "v");
            }
            Await.until(kit::log, Duration.ofSeconds(20),
                () -> kit.log().contains("server first refused AUTH or SELECT: -WRONGPASS"));
            assertFalse(kit.log().contains("pw-47"), kit.log());
        }
    }
}
