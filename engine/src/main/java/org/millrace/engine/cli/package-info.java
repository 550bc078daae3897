/** The command line: serving, testing a configuration, and the sub-commands that need no running proxy. */
package org.millrace.engine.cli;
