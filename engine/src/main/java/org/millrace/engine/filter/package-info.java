/**
 * The filter stage: requests that need no server are answered here, those that may not pass are refused. Belongs to the
 * client half's thread.
 */
package org.millrace.engine.filter;
