/**
 * Slow requests as the client half of a lane notes them: their keys, which are kept for each request until it is
 * answered, and a bounded ring of records that the control thread empties.
 */
package org.millrace.engine.slow;
