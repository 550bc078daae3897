package org.millrace.engine;

/** What happens at each limit of a link. */
class LinkLimitsTest {
}
