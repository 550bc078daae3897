/**
 * JMH benchmarks of what each request passes: framers, rings, hashes, routers, and a whole lane over a scripted
 * transport, which costs nothing of its own. {@code bin/millrace bench} runs them; the tests run each once.
 *
 * <p>Every benchmark method returns how much it did, so that a test can tell that it did it.
 */
package org.millrace.perf.jmh;
