/** Tests of the key hashes: recorded values, the digest against the JDK, and no allocation. */
package org.millrace.routing.hash;
