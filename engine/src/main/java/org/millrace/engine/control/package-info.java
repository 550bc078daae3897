/**
 * The control thread and what it serves: INFO over all lanes, the stats port, the log, the watch over lanes; and the
 * names of servers. Never on the data path.
 */
package org.millrace.engine.control;
