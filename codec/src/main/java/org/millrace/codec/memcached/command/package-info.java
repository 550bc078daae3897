/**
 * The commands of memcached as data: what each is called, how many words it takes, where its keys and numbers are, what
 * it may be answered, and how a sharding proxy treats it.
 *
 * <p>The table is the resource {@code commands.txt} beside this package, meant to be read by people. It is immutable
 * and shared by all threads; nothing on the way of a request allocates.
 */
package org.millrace.codec.memcached.command;
