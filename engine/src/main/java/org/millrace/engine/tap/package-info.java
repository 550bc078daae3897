/**
 * The tap: what clients ask and what they get, copied on the client half's thread into a bounded ring for each lane,
 * and taken from there by a thread of its own. Off, it is a field that is null. It knows neither files nor protocols.
 * <pre>
 *   ClientTap ─▶ LaneTap ═ ring ═▶ TapPump ─▶ TapSink      found by {@link java.util.ServiceLoader}, see TapSinks
 *        a conversation                        own thread
 * </pre>
 */
package org.millrace.engine.tap;
