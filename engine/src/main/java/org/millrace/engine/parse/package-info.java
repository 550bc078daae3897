/** The parse stage: what a framed request says. Belongs to the client half's thread. */
package org.millrace.engine.parse;
