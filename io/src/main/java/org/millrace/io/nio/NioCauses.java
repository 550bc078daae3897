package org.millrace.io.nio;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import org.millrace.io.CloseCause;

/**
 * Why a socket failed, from the JDK's exceptions. The JDK has types for some errors and only the system's text for the
 * others; where even that says nothing, the call that failed decides.
 */
final class NioCauses {
    private NioCauses() {
    }

    static CloseCause ofConnect(Exception error) {
        if (error instanceof UnresolvedAddressException) {
            return CloseCause.HOST_DOWN;
        }
        if (error instanceof NoRouteToHostException) {
            return ofText(error, CloseCause.NO_ROUTE);
        }
        return ofText(error, error instanceof ConnectException ? CloseCause.REFUSED : CloseCause.OTHER);
    }

    static CloseCause ofRead(IOException error) {
        return ofText(error, CloseCause.RESET);
    }

    static CloseCause ofWrite(IOException error) {
        return ofText(error, CloseCause.BROKEN_PIPE);
    }

    private static CloseCause ofText(Exception error, CloseCause otherwise) {
        String message = error.getMessage();
        if (message == null) {
            return otherwise;
        }
        String text = message.toLowerCase(Locale.ROOT);
        if (text.contains("refused")) {
            return CloseCause.REFUSED;
        } else if (text.contains("reset")) {
            return CloseCause.RESET;
        } else if (text.contains("broken pipe")) {
            return CloseCause.BROKEN_PIPE;
        } else if (text.contains("timed out")) {
            return CloseCause.TIMED_OUT;
        } else if (text.contains("no route")) {
            return CloseCause.NO_ROUTE;
        } else if (text.contains("network is unreachable")) {
            return CloseCause.NETWORK_UNREACHABLE;
        } else if (text.contains("host is down")) {
            return CloseCause.HOST_DOWN;
        } else if (text.contains("no such file")) {
            return CloseCause.NO_SUCH_FILE;
        } else if (text.contains("too many open files") || text.contains("cannot allocate")) {
            return CloseCause.EXHAUSTED;
        }
        return otherwise;
    }
}
