/** Tests of the links that lanes share. */
package org.millrace.engine.share;
