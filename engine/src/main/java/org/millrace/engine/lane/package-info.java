/**
 * A lane: the client half and the server half with their rings, and what drives them. Only here and in the composition
 * root are threads known; stages and halves are stepped by whoever owns them.
 */
package org.millrace.engine.lane;
