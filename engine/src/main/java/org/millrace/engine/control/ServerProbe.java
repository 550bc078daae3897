package org.millrace.engine.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.millrace.conf.PoolConfig;
import org.millrace.conf.ServerConfig;
import org.millrace.io.CloseCause;
import org.millrace.io.Endpoint;

/** Asks on a connection of its own, on a thread of its own for the second that it may take. */
public final class ServerProbe implements Prober {
    static final long LIMIT_NS = 1_000_000_000;
    private static final int ANSWER_MAX = 4096;

    private final Control control;

    /** Whose answers are given on this control thread. */
    public ServerProbe(Control control) {
        this.control = control;
    }

    @Override
    public void ask(Endpoint endpoint, PoolConfig pool, ServerConfig server, Answer answer) {
        ProbeTalk talk = ProbeTalk.of(pool, server);
        Thread.ofPlatform().daemon().name("millrace-probe").start(() -> {
            String why = ask(endpoint, talk, System.nanoTime() + LIMIT_NS);
            control.offer(() -> answer.is(why, System.nanoTime()));
        });
    }

    /** What is wrong with the server; null if nothing. Blocks until the deadline. */
    static String ask(Endpoint endpoint, ProbeTalk talk, long deadlineNs) {
        try (Selector selector = Selector.open(); SocketChannel channel = open(endpoint)) {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
            if (!channel.connect(endpoint.address())) {
                do {
                    if (!await(selector, deadlineNs)) {
                        return CloseCause.TIMED_OUT.text();
                    }
                } while (!channel.finishConnect());
            }
            return talk(channel, selector, key, talk, deadlineNs);
        } catch (IOException e) {
            return e.getMessage() == null ? e.toString() : e.getMessage();
        }
    }

    private static SocketChannel open(Endpoint endpoint) throws IOException {
        return endpoint.isUnix() ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
    }

    private static String talk(SocketChannel channel, Selector selector, SelectionKey key, ProbeTalk talk,
        long deadlineNs) throws IOException {
        ByteBuffer question = ByteBuffer.wrap(talk.question());
        ByteBuffer answer = ByteBuffer.allocate(ANSWER_MAX);
        while (true) {
            channel.write(question);
            key.interestOps(question.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
                : SelectionKey.OP_READ);
            if (!await(selector, deadlineNs)) {
                return CloseCause.TIMED_OUT.text();
            }
            int count = channel.read(answer);
            String meaning = talk.meaning(new String(answer.array(), 0, answer.position(),
                StandardCharsets.ISO_8859_1));
            if (!ProbeTalk.MORE.equals(meaning)) {
                return meaning;
            }
            if (count < 0 || !answer.hasRemaining()) {
                return count < 0 ? "it closed the connection" : "its answer does not end";
            }
        }
    }

    /** False if the deadline has passed. */
    private static boolean await(Selector selector, long deadlineNs) throws IOException {
        long leftNs = deadlineNs - System.nanoTime();
        if (leftNs <= 0) {
            return false;
        }
        selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(leftNs)));
        selector.selectedKeys().clear();
        return true;
    }
}
