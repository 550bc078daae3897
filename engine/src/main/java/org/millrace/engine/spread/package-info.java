/** Which lane serves which client: how busy lanes are, and the policies that choose by it. Stepped, without threads. */
package org.millrace.engine.spread;
