package org.millrace.perf.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.millrace.perf.client.SimpleClient;

/** A real Redis server. It is ready when {@link #start} returns and gone when {@link #close} returns. */
public final class LocalRedis extends LocalServer {
    private static final int CALL_TIMEOUT_MS = 10_000;

    private LocalRedis(List<String> command, int port) throws IOException {
        super(command, port);
    }

    /** Starts the server that {@link RedisExecutable#find} finds, with more of its arguments if there are any. */
    public static LocalRedis start(String... extraArguments) throws IOException {
        return start(RedisExecutable.find(), extraArguments);
    }

    /**
     * Starts this server.
     *
     * @throws IOException if it does not answer PING in time; the message holds its last words
     */
    public static LocalRedis start(Path executable, String... extraArguments) throws IOException {
        return startAnywhere(port -> launch(executable, port, extraArguments));
    }

    /** Starts a server on this port, where one was before that has ended. */
    public static LocalRedis startOn(int port, String... extraArguments) throws IOException {
        return launch(RedisExecutable.find(), port, extraArguments);
    }

    /** Starts {@code count} servers; all or none. */
    public static List<LocalRedis> startAll(int count) throws IOException {
        return startAll(count, LocalRedis::startOn);
    }

    private static LocalRedis launch(Path executable, int port, String... extraArguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(executable.toString(), "--port", String.valueOf(port),
            "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"));
        command.addAll(List.of(extraArguments));
        LocalRedis redis = new LocalRedis(command, port);
        redis.awaitReady();
        return redis;
    }

    @Override
    String name() {
        return "redis-server";
    }

    @Override
    boolean answersItself() throws IOException {
        // only the server that we started knows its own process id
        return call("INFO", "server").contains("process_id:" + pid() + "\r");
    }

    /** Sends one command and returns the reply's first element as text. */
    public String call(String... arguments) throws IOException {
        try (SimpleClient client = new SimpleClient(address(), CALL_TIMEOUT_MS)) {
            return client.call(arguments);
        }
    }

    @Override
    public void close() {
        end();
    }
}
