/**
 * Off-heap memory and sockets: segments and their arena, the {@link org.millrace.io.Transport} seam and what flows
 * through it.
 *
 * <p>Nothing here knows messages, protocols or routing.
 */
package org.millrace.io;
