package org.millrace.engine.memcached;

import java.util.Locale;
import org.agrona.DirectBuffer;
import org.millrace.codec.FrameLimits;
import org.millrace.codec.Framer;
import org.millrace.codec.memcached.ReplyFramer;
import org.millrace.codec.memcached.RequestFramer;
import org.millrace.codec.memcached.command.CommandTable;
import org.millrace.codec.memcached.command.MemcachedErrors;
import org.millrace.codec.memcached.command.ReplyType;
import org.millrace.conf.PoolConfig;
import org.millrace.conf.ServerConfig;
import org.millrace.engine.client.ClientHalfState;
import org.millrace.engine.filter.ControlQuestions;
import org.millrace.engine.filter.RequestFilter;
import org.millrace.engine.latency.CommandFamilies;
import org.millrace.engine.link.ServerHalfState;
import org.millrace.engine.parse.RequestParser;
import org.millrace.engine.protocol.FailureReplies;
import org.millrace.engine.protocol.Handshake;
import org.millrace.engine.protocol.Protocol;
import org.millrace.engine.ring.RequestSlot;
import org.millrace.engine.route.RequestRoutes;
import org.millrace.engine.traffic.RequestKeys;

/** The ASCII protocol of memcached. Replies have types, and one whose type does not fit its request ends its link. */
public final class MemcachedProtocol implements Protocol {
    /** The one there is. */
    public static final MemcachedProtocol INSTANCE = new MemcachedProtocol();

    static final FailureReplies FAILURES = new FailureReplies("SERVER_ERROR ");
    private static final DirectBuffer TOO_MANY = MemcachedErrors.ready("ERROR Too many open connections");
    private static final DirectBuffer NO_MEMORY = MemcachedErrors.serverError("max memory reached, try again later");

    private static final CommandFamilies FAMILIES = new CommandFamilies(CommandTable.standard().idCount(),
        command -> CommandTable.standard().byId(command).family().name().toLowerCase(Locale.ROOT),
        command -> CommandTable.standard().byId(command).name(),
        command -> CommandTable.standard().byId(command).hasKeys());

    private MemcachedProtocol() {
    }

    /** The parser of a lane. */
    public static RequestParser parser(ClientHalfState half) {
        return new MemcachedParser(half.frameLimits().bodyThreshold());
    }

    /** The filter of a lane. */
    public static RequestFilter filter(ClientHalfState half, ControlQuestions control) {
        return new MemcachedFilter(half, control);
    }

    /** The routes of a lane. */
    public static RequestRoutes routes(ServerHalfState half) {
        return new MemcachedRoutes(half);
    }

    @Override
    public int number() {
        return 1;
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
        slot.plain = request.isPlainGet();
        slot.command = request.command() == null ? -1 : request.command().id();
        slot.argumentCount = request.wordCount();
        slot.keyOffset = request.keyOffset();
        slot.keyLength = request.keyLength();
    }

    @Override
    public boolean hasReplyKinds() {
        return true;
    }

    @Override
    public int replyKind(Framer framer) {
        ReplyType type = ((ReplyFramer) framer).type();
        return type == null ? 0 : type.bit();
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
        return new MemcachedKeys();
    }

    @Override
    public FailureReplies failures() {
        return FAILURES;
    }

    @Override
    public DirectBuffer protocolError(String error) {
        return MemcachedErrors.clientError(error);
    }

    @Override
    public DirectBuffer tooManyClients() {
        return TOO_MANY;
    }

    @Override
    public DirectBuffer noMemoryForClient() {
        return NO_MEMORY;
    }

    @Override
    public Handshake handshake(PoolConfig pool, ServerConfig server) {
        return Handshake.NONE;
    }
}
