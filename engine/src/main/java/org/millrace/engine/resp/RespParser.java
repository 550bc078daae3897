package org.millrace.engine.resp;

import org.millrace.codec.resp.InlineParser;
import org.millrace.codec.resp.RequestView;
import org.millrace.codec.resp.command.Command;
import org.millrace.codec.resp.command.CommandFlag;
import org.millrace.codec.resp.command.CommandTable;
import org.millrace.engine.client.ClientHalfState;
import org.millrace.engine.client.Exchange;
import org.millrace.engine.message.Message;
import org.millrace.engine.parse.RequestParser;
import org.millrace.engine.protocol.Protocol;
import org.millrace.engine.ring.RequestSlot;

/**
 * Finds the command of a request, the number of its words, its first key. An inline command becomes an array first, its
 * long words bodies, so that nothing behind it knows of inline commands. Client half's thread.
 */
final class RespParser implements RequestParser {
    /** Not in the command table. */
    static final int UNKNOWN_COMMAND = 1;
    /** The command has no such subcommand. */
    static final int UNKNOWN_SUBCOMMAND = 2;
    /** Too few or too many words. */
    static final int WRONG_ARITY = 3;
    /** An inline command with a quote that is never closed. */
    static final int UNBALANCED_QUOTES = 4;
    /** An inline command of blanks only: nothing to answer. */
    static final int NO_WORDS = 5;

    private final ClientHalfState half;
    private final CommandTable table = CommandTable.standard();
    private final RequestView view = new RequestView();
    private final int bodyThreshold;

    RespParser(ClientHalfState half) {
        this.half = half;
        this.bodyThreshold = half.frameLimits().bodyThreshold();
    }

    @Override
    public int parse(RequestSlot slot) {
        slot.fits = Protocol.ALL_REPLIES;
        slot.heldBack = 0;
        slot.plain = false;
        return slot.inline ? parseInline(slot) : parseArray(slot);
    }

    private int parseArray(RequestSlot slot) {
        slot.command = -1;
        if (slot.nameLength < 0) {
            return UNKNOWN_COMMAND;
        }
        Command command = table.find(slot.buffer, slot.offset + slot.nameOffset, slot.nameLength);
        if (command == null) {
            return UNKNOWN_COMMAND;
        }
        if (command.isContainer() && slot.argumentCount > 1) {
            Command sub = slot.keyLength < 0 ? null
                : command.findSub(slot.buffer, slot.offset + slot.keyOffset, slot.keyLength);
            if (sub == null) {
                slot.command = command.id();
                return UNKNOWN_SUBCOMMAND;
            }
            command = sub;
        }
        slot.command = command.id();
        slot.mayDrop = command.is(CommandFlag.READONLY);
        if (!command.acceptsWords(slot.argumentCount)) {
            return WRONG_ARITY;
        }
        slot.plain = command.isForwardedByFirstKey() && slot.keyLength >= 0;
        return NO_FAULT;
    }

    private int parseInline(RequestSlot slot) {
        Message message = half.messages().acquire();
        if (!message.reserveHead(InlineParser.maxEncodedLength(slot.length))) {
            half.messages().release(message);
            noMemory(slot);
            return NO_WORDS;
        }
        int length = InlineParser.encode(slot.buffer, slot.offset, slot.length, message.head(), 0);
        dropRequest(slot);
        if (length <= 0) {
            half.messages().release(message);
            return length == 0 ? NO_WORDS : UNBALANCED_QUOTES;
        }
        message.commitHead(length);
        slot.message = message;
        view.wrap(message.head(), 0, length, Integer.MAX_VALUE);
        if (InlineBodies.isNeeded(view, bodyThreshold)) {
            slot.message = InlineBodies.part(message, view, half.messages(), half.transport().arena());
            half.messages().release(message);
            if (slot.message == null) {
                noMemory(slot);
                return NO_WORDS;
            }
        }
        noteWords(slot);
        return parseArray(slot);
    }

    /** Tells what recv tells of a framed request. */
    private void noteWords(RequestSlot slot) {
        slot.buffer = slot.message.head();
        slot.offset = 0;
        slot.length = slot.message.headLength();
        view.wrap(slot.buffer, 0, slot.length, bodyThreshold);
        slot.argumentCount = view.argumentCount();
        view.next();
        slot.nameOffset = view.argumentOffset();
        slot.nameLength = view.isBody() ? -1 : (int) view.argumentLength();
        slot.keyLength = -1;
        if (view.next() && !view.isBody()) {
            slot.keyOffset = view.argumentOffset();
            slot.keyLength = (int) view.argumentLength();
        }
    }

    private void dropRequest(RequestSlot slot) {
        if (slot.message != null) {
            half.messages().release(slot.message);
            slot.message = null;
        }
    }

    private void noMemory(RequestSlot slot) {
        Exchange exchange = half.exchanges().find(slot.exchangeId);
        if (exchange != null) {
            half.life().noMemory(exchange.client());
        }
    }
}
