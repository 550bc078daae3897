/** The route stage: which server, or which plan. Belongs to the server half's thread. */
package org.millrace.engine.route;
