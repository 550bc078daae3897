package org.millrace.codec;

import org.agrona.DirectBuffer;

/**
 * A resumable state machine that cuts a stream into messages. One instance belongs to one connection and to the thread
 * that reads it; it keeps no reference to any buffer, allocates nothing, and looks at no byte twice.
 *
 * <p>A message is told as its <em>head</em> and its <em>bodies</em>. A value of at least the body threshold is a body:
 * the scan stops where the value begins, the caller takes the value's bytes as they are (they are never scanned), says
 * {@link #bodyTaken()} and goes on scanning. Everything else (headers, small values, line ends) is the head.
 * <pre>
 *   *3 CRLF $3 CRLF SET CRLF $1 CRLF k CRLF $262144 CRLF | value: 262144 bytes | CRLF
 *   '--------------------- head ---------------------'    '------ body ------'  'head'
 * </pre>
 * All positions that a framer tells ({@link #headLength()} and those of its subclasses) count head bytes from the
 * start of the message.
 *
 * <p>Bytes that belong to no message (empty lines, empty arrays of a client) are skipped, also where they straddle
 * scans: what the last scan found to be of the head are the {@code min(headLength(), position() - offset)} bytes before
 * {@link #position()}, and of the bytes joined before, only the first {@link #headLength()} less that many stay.
 */
public interface Framer {
    /** Status: all bytes up to the limit are taken, the message goes on. */
    int NEED_MORE = 0;
    /** Status: a message ends at {@link #position()}. */
    int MESSAGE = 1;
    /** Status: a body of {@link #bodyLength()} bytes begins at {@link #position()}. */
    int BODY = 2;
    /** Status: the stream is damaged; see {@link #error()}. The framer stays in this state until {@link #reset()}. */
    int ERROR = 3;

    /**
     * Scans on from where the last call stopped; after {@link #MESSAGE} a new message begins.
     *
     * @param buffer holds the next bytes of the stream
     * @param offset the first unscanned byte
     * @param limit  end of the bytes, exclusive
     * @return one of the statuses above
     */
    int scan(DirectBuffer buffer, int offset, int limit);

    /** Offset in the buffer of the last scan of the first byte that was not taken. */
    int position();

    /** After {@link #BODY}: how many bytes of the stream the body has, without its line end. */
    long bodyLength();

    /** The caller has taken all bytes of the body. */
    void bodyTaken();

    /** Head bytes of the current message taken so far; after {@link #MESSAGE} its whole head length. */
    long headLength();

    /** Bodies of the current message begun so far. */
    int bodyCount();

    /**
     * A lower bound of the head bytes that this message still needs, 0 if unknown: lets a caller that has to join a
     * message reserve once.
     */
    long headBytesAhead();

    /** True if the last scan ended exactly between two messages. */
    boolean isBetweenMessages();

    /** True if a new framer would go on as this one: it is between messages, and nothing that is to come is skipped. */
    default boolean isLikeNew() {
        return isBetweenMessages();
    }

    /** After {@link #ERROR}: what is wrong, in the protocol's own words, without prefix or line end; a constant. */
    String error();

    /** Forgets everything: the next byte begins a message. */
    void reset();
}
