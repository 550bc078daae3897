package org.millrace.engine.resp;

import org.agrona.ExpandableArrayBuffer;
import org.millrace.codec.resp.RequestView;
import org.millrace.codec.resp.command.Command;
import org.millrace.codec.resp.command.CommandTable;
import org.millrace.engine.client.ClientHalfState;
import org.millrace.engine.client.Exchange;
import org.millrace.engine.filter.ControlQuestions;
import org.millrace.engine.filter.WallClock;
import org.millrace.engine.ring.RequestSlot;

/**
 * The commands that the proxy answers itself: a table from command id to handler. Clients of today connect with these
 * before they send anything else.
 */
public final class LocalCommands {
    /** The version of Redis whose commands and replies the proxy speaks; libraries look at it. */
    public static final String REDIS_VERSION = "7.2.0";

    private final LocalCommand[] handlers;
    private final boolean[] beforeAuth;
    private final LocalCall call;

    /**
     * The table with all handlers.
     *
     * @param control asked for what only the control thread knows (INFO)
     */
    public LocalCommands(ClientHalfState half, ControlQuestions control, WallClock clock) {
        CommandTable table = CommandTable.standard();
        handlers = new LocalCommand[table.idCount()];
        beforeAuth = new boolean[table.idCount()];
        call = new LocalCall(half);
        ConnectionCommands.register(this);
        ClientCommands.register(this);
        CommandCommands.register(this);
        ServerCommands.register(this, control, clock);
        AdminQuestions.register(this, control);
        for (int id = 0; id < handlers.length; id++) {
            Command command = table.byId(id);
            if (handlers[id] == null && command.name().endsWith("|help")) {
                handlers[id] = CommandCommands::help;
            }
        }
    }

    void put(String name, LocalCommand handler) {
        Command command = CommandTable.standard().byName(name);
        if (command == null) {
            throw new IllegalStateException("command table has no " + name);
        }
        handlers[command.id()] = handler;
    }

    void putBeforeAuth(String name, LocalCommand handler) {
        put(name, handler);
        beforeAuth[CommandTable.standard().byName(name).id()] = true;
    }

    /** True for commands by which a client authenticates or leaves. */
    boolean isAllowedBeforeAuth(Command command) {
        return beforeAuth[command.id()];
    }

    /** True if a command of the table has a handler. */
    public boolean handles(Command command) {
        return handlers[command.id()] != null;
    }

    void answer(Exchange exchange, Command command, RequestSlot slot, RequestView view) {
        call.begin(exchange, command, slot, view);
        handlers[command.id()].answer(call);
    }

    /** Bytes that are kept for the replies to come. */
    int scratchCapacity() {
        return call.scratch().capacity();
    }

    /** Where replies are written before they are copied. */
    static ExpandableArrayBuffer newScratch() {
        return new ExpandableArrayBuffer(4096);
    }
}
