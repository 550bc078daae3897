package org.millrace.conf;

/**
 * What a directive's text may be.
 *
 * @param <T> what the text becomes
 */
interface ValueType<T> {
    /** The value of a text that is not empty. */
    T parse(String text) throws BadValueException;

    /** What is allowed, for messages and for the manual. */
    String allowed();
}
