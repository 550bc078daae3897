/** What a lane is told of pools and servers. */
package org.millrace.engine.topology;
