package org.millrace.engine;

/** What happens at each limit of a large reply. */
class StreamLimitsTest {
}
