/**
 * Plans: what becomes of an exchange that is not one request for one server. A plan says which sub-requests go out,
 * when the exchange is complete and what the client gets.
 */
package org.millrace.engine.plan;
