/** Tests of what shows measurements. */
package org.millrace.engine.control.metrics;
