/**
 * RESP2, the protocol of Redis: framers for both directions, flyweights that walk framed messages, and a writer.
 *
 * <p>Framers own the positions in a message, views own the words: nothing here keeps bytes, and nothing here allocates
 * once a connection is set up.
 */
package org.millrace.codec.resp;
