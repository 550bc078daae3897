/**
 * The dashboard: the control thread makes a sample each second, the threads of the admin port show those of the last
 * hour to browsers. Nothing can be changed through it.
 */
package org.millrace.engine.control.dashboard;
