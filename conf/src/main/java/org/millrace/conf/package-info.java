/**
 * The configuration of Millrace: immutable records, and the reader that makes them from a twemproxy YAML file.
 *
 * <p>Nothing here knows sockets, hashes or threads; the records say what the operator wrote, with defaults filled in.
 */
package org.millrace.conf;
