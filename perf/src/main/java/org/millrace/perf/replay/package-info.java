/**
 * Asks again elsewhere what was captured, each conversation on a connection of its own and in its order, and compares
 * the replies. Requests about one key are asked in the order in which they were asked before, over all connections:
 * else the replies would depend on chance.
 * <pre>
 *   CaptureReader ─▶ CaptureSource ─▶ Talk: waiting ─▶ in flight ─▶ ReplyJudge ─▶ ReplayResult
 *                        └─ KeyOrder: who waits for whom
 * </pre>
 */
package org.millrace.perf.replay;
