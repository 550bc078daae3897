/** What the tests of all protocols share: feeding a framer in chunks, damage, guarded buffers. */
package org.millrace.codec;
