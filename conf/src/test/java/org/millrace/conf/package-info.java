/** Tests of the configuration's reader. */
package org.millrace.conf;
