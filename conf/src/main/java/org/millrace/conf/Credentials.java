package org.millrace.conf;

/**
 * What AUTH says.
 *
 * @param user     user name, or null: the password alone
 * @param password never null, never printed
 */
public record Credentials(String user, String password) {
    /** Leaves out the password, because this text may end up in logs. */
    @Override
    public String toString() {
        return user == null ? "Credentials[]" : "Credentials[user=" + user + ']';
    }
}
