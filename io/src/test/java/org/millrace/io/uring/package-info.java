/** Tests of what only the io_uring transport has. */
package org.millrace.io.uring;
