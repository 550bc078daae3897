/** Tests of the memcached protocol: messages cut everywhere, damaged, beyond limits, and compared with memcached. */
package org.millrace.codec.memcached;
