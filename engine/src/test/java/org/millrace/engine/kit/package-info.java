/** What tests of the engine share: a transport in memory and a lane that is stepped by hand. */
package org.millrace.engine.kit;
