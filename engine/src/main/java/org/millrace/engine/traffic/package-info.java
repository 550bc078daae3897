/**
 * What traffic is mostly about: the keys and clients that take the greatest part of it, and the largest keys. Bounded
 * sketches of a sample of the requests, owned by the thread of the client half, which hands them over at the beginning
 * of a turn when the control thread has asked.
 * <pre>
 *   PoolTraffic ─ Sampling      which requests are looked at
 *        └─ Sketches ─ NameCounts ─ SpaceSaving     keys, addresses
 *                    └ LargestKeys
 * </pre>
 */
package org.millrace.engine.traffic;
