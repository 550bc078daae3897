/**
 * The protocol of Redis in the engine: its parser, filter and routes, the commands that the proxy answers itself, and
 * the plans of commands with keys on several servers.
 */
package org.millrace.engine.resp;
