/**
 * The order checker: many connections that pipeline random commands at random depth, each with a model of the keys that
 * it alone uses, so that every reply is compared with exactly what its request must return.
 */
package org.millrace.perf.check;
