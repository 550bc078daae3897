/** Tests of this package. */
package org.millrace.engine.top;
