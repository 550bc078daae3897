/** Tests of the local servers, and the fake server that other tests let lie. */
package org.millrace.perf.server;
