/**
 * Everything that measures or shows Millrace from the outside: the load generator, the order checker, the demo and the
 * benchmarks. The server itself never depends on this module.
 */
package org.millrace.perf;
