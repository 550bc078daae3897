package org.millrace.engine.control.dashboard;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;

/**
 * Who may read the admin port. A page of another site can have a browser ask a port of the browser's own machine under
 * a name of that site's; so on loopback only names that mean loopback are answered.
 */
final class AdminGuard {
    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";

    private final boolean loopback;
    /** Null if there is no token. Of equal length for all tokens, so that comparing tells nothing. */
    private final byte[] digest;

    AdminGuard(InetAddress address, String token) {
        loopback = address.isLoopbackAddress();
        digest = token == null ? null : digest(token);
    }

    /** True if a request with this header was meant for this machine. */
    boolean isHost(String header) {
        if (!loopback) {
            return true;
        }
        if (header == null) {
            return false;
        }
        String host = header.toLowerCase(Locale.ROOT).replaceFirst(":\\d*$", "");
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }

    /** True if a request with this {@code Authorization} may be answered. */
    boolean isAllowed(String header) {
        return digest == null || header != null && MessageDigest.isEqual(digest, digest(said(header)));
    }

    private static String said(String header) {
        String scheme = header.toLowerCase(Locale.ROOT);
        if (scheme.startsWith(BEARER)) {
            return header.substring(BEARER.length()).strip();
        }
        if (!scheme.startsWith(BASIC)) {
            return "";
        }
        try {
            String pair = new String(Base64.getDecoder().decode(header.substring(BASIC.length()).strip()),
                StandardCharsets.UTF_8);
            return pair.substring(pair.indexOf(':') + 1);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
