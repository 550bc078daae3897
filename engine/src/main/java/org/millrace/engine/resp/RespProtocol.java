package org.millrace.engine.resp;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.codec.FrameLimits;
import org.millrace.codec.Framer;
import org.millrace.codec.resp.ReplyFramer;
import org.millrace.codec.resp.RequestFramer;
import org.millrace.codec.resp.command.CommandTable;
import org.millrace.codec.resp.command.RespErrors;
import org.millrace.conf.Credentials;
import org.millrace.conf.PoolConfig;
import org.millrace.conf.ServerConfig;
import org.millrace.engine.client.ClientHalfState;
import org.millrace.engine.filter.ControlQuestions;
import org.millrace.engine.filter.RequestFilter;
import org.millrace.engine.filter.WallClock;
import org.millrace.engine.latency.CommandFamilies;
import org.millrace.engine.link.ServerHalfState;
import org.millrace.engine.parse.RequestParser;
import org.millrace.engine.protocol.FailureReplies;
import org.millrace.engine.protocol.Handshake;
import org.millrace.engine.protocol.Protocol;
import org.millrace.engine.ring.RequestSlot;
import org.millrace.engine.route.RequestRoutes;
import org.millrace.engine.traffic.RequestKeys;

/** The protocol of Redis. Any reply fits any request; the order alone tells whose it is. */
public final class RespProtocol implements Protocol {
    /** The one there is. */
    public static final RespProtocol INSTANCE = new RespProtocol();

    static final FailureReplies FAILURES = new FailureReplies("-ERR ");
    private static final DirectBuffer TOO_MANY = RespErrors.ready("ERR max number of clients reached");
    private static final DirectBuffer NO_MEMORY = RespErrors.ready("ERR max memory reached, try again later");

    private static final CommandFamilies FAMILIES = new CommandFamilies(CommandTable.standard().idCount(),
        command -> CommandTable.standard().byId(command).group(),
        command -> CommandTable.standard().byId(command).name(),
        command -> CommandTable.standard().byId(command).keySpec().first() == 1);

    private static final String NO_AUTH = "-NOAUTH ";

    private RespProtocol() {
    }

    /** The parser of a lane. */
    public static RequestParser parser(ClientHalfState half) {
        return new RespParser(half);
    }

    /** The filter of a lane. */
    public static RequestFilter filter(ClientHalfState half, ControlQuestions control, WallClock clock) {
        return new RespFilter(half, new LocalCommands(half, control, clock));
    }

    /** The routes of a lane. */
    public static RequestRoutes routes(ServerHalfState half) {
        return new RespRoutes(half);
    }

    @Override
    public int number() {
        return 0;
    }

    @Override
    public Framer requestFramer(FrameLimits limits) {
        return new RequestFramer(limits);
    }

    @Override
    public Framer replyFramer(FrameLimits limits) {
        return new ReplyFramer(limits);
    }

    @Override
    public void describe(Framer framer, RequestSlot slot) {
        RequestFramer request = (RequestFramer) framer;
        slot.inline = request.isInline();
        slot.argumentCount = request.argumentCount();
        slot.nameOffset = request.nameOffset();
        slot.nameLength = request.nameLength();
        slot.keyOffset = request.keyOffset();
        slot.keyLength = request.keyLength();
    }

    @Override
    public boolean hasReplyKinds() {
        return false;
    }

    @Override
    public int replyKind(Framer framer) {
        return ALL_REPLIES;
    }

    @Override
    public CommandFamilies families() {
        return FAMILIES;
    }

    @Override
    public String commandName(int command) {
        return CommandTable.standard().byId(command).name();
    }

    @Override
    public RequestKeys requestKeys(int bodyThreshold) {
        return new RespKeys(bodyThreshold);
    }

    @Override
    public FailureReplies failures() {
        return FAILURES;
    }

    @Override
    public DirectBuffer protocolError(String error) {
        return new UnsafeBuffer(("-ERR Protocol error: " + error + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public DirectBuffer tooManyClients() {
        return TOO_MANY;
    }

    @Override
    public DirectBuffer noMemoryForClient() {
        return NO_MEMORY;
    }

    /** AUTH before SELECT, on every kind of link. */
    @Override
    public Handshake handshake(PoolConfig pool, ServerConfig server) {
        StringBuilder text = new StringBuilder();
        int replies = 0;
        Credentials auth = pool.authFor(server);
        if (auth != null) {
            if (auth.user() == null) {
                append(text, "AUTH", auth.password());
            } else {
                append(text, "AUTH", auth.user(), auth.password());
            }
            replies++;
        }
        if (pool.redisDb() > 0) {
            append(text, "SELECT", Integer.toString(pool.redisDb()));
            replies++;
        }
        return new Handshake(new UnsafeBuffer(text.toString().getBytes(StandardCharsets.UTF_8)), replies,
            pool.redisDb() > 0);
    }

    /**
     * SELECT that was refused: what is written would be in another database. Without a password nothing is written, and
     * the server tells each client so.
     */
    @Override
    public boolean forbidsRequests(DirectBuffer reply, int offset, int length) {
        return reply.getByte(offset) == '-' && !reply.getStringWithoutLengthAscii(offset, Math.min(length,
            NO_AUTH.length())).equals(NO_AUTH);
    }

    private static void append(StringBuilder text, String... words) {
        text.append('*').append(words.length).append("\r\n");
        for (String word : words) {
            text.append('$').append(word.getBytes(StandardCharsets.UTF_8).length).append("\r\n").append(word)
                .append("\r\n");
        }
    }
}
