/** Tests of RESP2: messages cut everywhere, damaged, beyond their limits, and compared with Redis. */
package org.millrace.codec.resp;
