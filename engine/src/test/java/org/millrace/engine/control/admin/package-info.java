/** Administrative commands. */
package org.millrace.engine.control.admin;
