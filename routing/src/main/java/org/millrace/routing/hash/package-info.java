/**
 * The key hashes a pool may name, bit for bit as twemproxy computes them on x86-64: keys must stay where they are.
 *
 * <p>{@link org.millrace.routing.hash.HashKind} is the table of them. To add one, write one class that implements
 * {@link org.millrace.routing.hash.KeyHash} and add one line to the table. Several of the functions differ from their
 * published form (sign-extended bytes, widths, start values); each class says how.
 */
package org.millrace.routing.hash;
