/** Tests of the table of memcached commands. */
package org.millrace.codec.memcached.command;
