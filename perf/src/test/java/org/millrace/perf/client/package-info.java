/** Tests of the small client: framing at every split, requests as they must be. */
package org.millrace.perf.client;
