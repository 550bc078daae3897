/** The proxy as a whole: the composition root, which alone knows threads, sockets to listen on and lanes to make. */
package org.millrace.engine;
