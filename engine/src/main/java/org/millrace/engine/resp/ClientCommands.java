package org.millrace.engine.resp;

import org.agrona.DirectBuffer;

/** CLIENT SETNAME, GETNAME, ID, SETINFO, NO-EVICT, NO-TOUCH: what client libraries say when they connect. */
final class ClientCommands {
    static final String BAD_NAME = "ERR Client names cannot contain spaces, newlines or special characters.";
    private static final DirectBuffer NULL_BULK = ConnectionCommands.constant("$-1\r\n");

    private ClientCommands() {
    }

    static void register(LocalCommands table) {
        table.put("client", call -> call.reply(call.command().arityError()));
        table.put("client|setname", ClientCommands::setName);
        table.put("client|getname", ClientCommands::getName);
        table.put("client|id", ClientCommands::id);
        table.put("client|setinfo", ClientCommands::setInfo);
        table.put("client|no-evict", ClientCommands::onOff);
        table.put("client|no-touch", ClientCommands::onOff);
    }

    private static void setName(LocalCall call) {
        byte[] name = call.wordBytes(2);
        if (isName(name)) {
            call.session().name(name);
            call.reply(ConnectionCommands.OK);
        } else {
            call.error(BAD_NAME);
        }
    }

    private static void getName(LocalCall call) {
        byte[] name = call.session().name();
        if (name.length == 0) {
            call.reply(NULL_BULK);
            return;
        }
        int at = call.scratch().putStringWithoutLengthAscii(0, "$" + name.length + "\r\n");
        call.scratch().putBytes(at, name);
        at += name.length;
        at += call.scratch().putStringWithoutLengthAscii(at, "\r\n");
        call.reply(at);
    }

    private static void id(LocalCall call) {
        call.reply(call.scratch().putStringWithoutLengthAscii(0, ":" + call.session().id() + "\r\n"));
    }

    private static void setInfo(LocalCall call) {
        String option = call.word(2);
        byte[] value = call.wordBytes(3);
        if (!option.equalsIgnoreCase("lib-name") && !option.equalsIgnoreCase("lib-ver")) {
            call.error("ERR Unrecognized option '" + printable(option) + "'");
        } else if (!isName(value)) {
            call.error("ERR " + option.toLowerCase(java.util.Locale.ROOT)
                + " cannot contain spaces, newlines or special characters.");
        } else {
            if (option.equalsIgnoreCase("lib-name")) {
                call.session().library(value);
            } else {
                call.session().libraryVersion(value);
            }
            call.reply(ConnectionCommands.OK);
        }
    }

    private static void onOff(LocalCall call) {
        String value = call.word(2);
        if (value.equalsIgnoreCase("on") || value.equalsIgnoreCase("off")) {
            call.reply(ConnectionCommands.OK);
        } else {
            call.error("ERR syntax error");
        }
    }

    /** True if all bytes are printable and none is a blank. */
    static boolean isName(byte[] name) {
        for (byte b : name) {
            if (b < '!' || b > '~') {
                return false;
            }
        }
        return true;
    }

    /** A word of the client, fit for one line of an error. */
    static String printable(String word) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(word.length(), 128); i++) {
            char c = word.charAt(i);
            text.append(c < ' ' || c > '~' ? '?' : c);
        }
        return text.toString();
    }
}
