/** Tests of the distributions: each against a plain search, and the keys that move when servers do. */
package org.millrace.routing.distribution;
