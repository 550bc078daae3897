/** Tests of memory and sockets: one suite of behaviour that every transport passes, and what is particular to each. */
package org.millrace.io;
