/** Tests of the sketches: never wrong by more than they say, never larger than they may be. */
package org.millrace.engine.traffic;
