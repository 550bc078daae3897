/** Tests of what only the selector transport has. */
package org.millrace.io.nio;
