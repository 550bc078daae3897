/**
 * The commands of Redis as data: what each is called, how many words it takes, which of them are keys, and how a
 * sharding proxy treats it.
 *
 * <p>The table is the resource {@code commands.txt} beside this package, meant to be read by people.
 * {@link org.millrace.codec.resp.command.CommandTable} looks a request's first word up in it,
 * {@link org.millrace.codec.resp.command.KeyFinder} walks a request to its keys, and
 * {@link org.millrace.codec.resp.command.RespErrors} and {@link org.millrace.codec.resp.command.CommandReplies} hold
 * what the proxy says about commands by itself. The tables are immutable and shared by all threads; nothing on the way
 * of a request allocates.
 */
package org.millrace.codec.resp.command;
