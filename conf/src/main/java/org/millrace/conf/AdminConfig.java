package org.millrace.conf;

/**
 * The admin port, which serves the dashboard.
 *
 * @param admin      where it listens; null if there is none
 * @param adminToken what its readers must know; null if nothing
 */
public record AdminConfig(AddressConfig admin, String adminToken) {
    /** No such port. */
    public static AdminConfig none() {
        return new AdminConfig(null, null);
    }

    /** Leaves out the token, because this text may end up in logs. */
    @Override
    public String toString() {
        return "AdminConfig[admin=" + admin + ", adminToken=" + (adminToken == null ? "none" : "given") + ']';
    }
}
