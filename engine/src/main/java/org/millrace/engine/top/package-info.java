/**
 * The console: what a running process tells on its stats port, as a picture of text that is drawn anew every second. It
 * asks by the same port as everybody and knows no class of the process that it looks at.
 */
package org.millrace.engine.top;
