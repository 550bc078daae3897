/** Tests of the command table, most of them against an installed Redis server. */
package org.millrace.codec.resp.command;
