package org.millrace.engine.resp;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.conf.Credentials;

/** PING, ECHO, QUIT, RESET, SELECT, AUTH and HELLO: what a connection says about itself. */
final class ConnectionCommands {
    static final DirectBuffer OK = constant("+OK\r\n");
    private static final DirectBuffer PONG = constant("+PONG\r\n");
    private static final DirectBuffer RESET = constant("+RESET\r\n");
    private static final String NO_PROTO = "NOPROTO unsupported protocol version";
    private static final String WRONG_PASS = "WRONGPASS invalid username-password pair or user is disabled.";

    private ConnectionCommands() {
    }

    static void register(LocalCommands table) {
        table.put("ping", ConnectionCommands::ping);
        table.put("echo", call -> call.replyWithWord(1));
        table.putBeforeAuth("quit", ConnectionCommands::quit);
        table.putBeforeAuth("reset", ConnectionCommands::reset);
        table.put("select", ConnectionCommands::select);
        table.putBeforeAuth("auth", ConnectionCommands::auth);
        table.putBeforeAuth("hello", ConnectionCommands::hello);
    }

    static DirectBuffer constant(String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void ping(LocalCall call) {
        if (call.words() == 1) {
            call.reply(PONG);
        } else if (call.words() == 2) {
            call.replyWithWord(1);
        } else {
            call.reply(call.command().arityError());
        }
    }

    private static void quit(LocalCall call) {
        call.closeAfterReply();
        call.reply(OK);
    }

    private static void reset(LocalCall call) {
        call.session().name(new byte[0]);
        call.session().authenticated(call.pool().auth() == null);
        call.reply(RESET);
    }

    private static void select(LocalCall call) {
        String db = call.word(1);
        if (db.equals("0")) {
            call.reply(OK);
        } else if (!db.matches("-?[0-9]{1,9}")) {
            call.error("ERR value is not an integer or out of range");
        } else {
            call.error("ERR DB index is out of range: behind this proxy a pool is one database, ask for 0");
        }
    }

    private static void auth(LocalCall call) {
        if (call.words() > 3) {
            call.error("ERR syntax error");
            return;
        }
        String user = call.words() == 3 ? call.word(1) : null;
        String error = authenticate(call, user, call.wordBytes(call.words() - 1));
        if (error == null) {
            call.reply(OK);
        } else {
            call.error(error);
        }
    }

    /**
     * Looks at what a client says, in a time that tells nothing of what would be right.
     *
     * @param user null if only a password was given, which is enough as it was before there were users
     * @return the error, or null if the client is now authenticated
     */
    private static String authenticate(LocalCall call, String user, byte[] password) {
        Credentials wanted = call.pool().auth();
        if (wanted == null) {
            return "ERR Client sent AUTH, but no password is set";
        }
        String name = wanted.user() == null ? "default" : wanted.user();
        boolean right = isEqual(password, wanted.password()) & isEqual(bytes(user == null ? name : user), name);
        call.session().authenticated(right);
        return right ? null : user == null ? "ERR invalid password" : WRONG_PASS;
    }

    private static boolean isEqual(byte[] given, String wanted) {
        return MessageDigest.isEqual(given, bytes(wanted));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void hello(LocalCall call) {
        int at = 1;
        if (call.words() > 1) {
            String version = call.word(1);
            if (!version.matches("[0-9]{1,9}")) {
                call.error("ERR Protocol version is not an integer or out of range");
                return;
            }
            if (!version.equals("2")) {
                call.error(NO_PROTO);
                return;
            }
            at = 2;
        }
        byte[] name = null;
        while (at < call.words()) {
            String option = call.word(at);
            int left = call.words() - at - 1;
            if (option.equalsIgnoreCase("AUTH") && left >= 2) {
                String error = authenticate(call, call.word(at + 1), call.wordBytes(at + 2));
                if (error != null) {
                    call.error(error);
                    return;
                }
                at += 3;
            } else if (option.equalsIgnoreCase("SETNAME") && left >= 1) {
                name = call.wordBytes(at + 1);
                if (!ClientCommands.isName(name)) {
                    call.error(ClientCommands.BAD_NAME);
                    return;
                }
                at += 2;
            } else {
                call.error("ERR Syntax error in HELLO option '" + ClientCommands.printable(option) + "'");
                return;
            }
        }
        if (!call.session().isAuthenticated()) {
            call.error("NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO "
                + "<proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP "
                + "protocol version at the same time");
            return;
        }
        if (name != null) {
            call.session().name(name);
        }
        replyHello(call);
    }

    private static void replyHello(LocalCall call) {
        String text = "*14\r\n" + bulk("server") + bulk("redis") + bulk("version") + bulk(LocalCommands.REDIS_VERSION)
            + bulk("proto") + ":2\r\n" + bulk("id") + ':' + call.session().id() + "\r\n"
            + bulk("mode") + bulk("standalone") + bulk("role") + bulk("master") + bulk("modules") + "*0\r\n";
        call.reply(call.scratch().putStringWithoutLengthAscii(0, text));
    }

    private static String bulk(String text) {
        return "$" + text.length() + "\r\n" + text + "\r\n";
    }
}
