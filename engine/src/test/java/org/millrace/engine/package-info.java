/** Tests of the engine as a whole, and of the rules that all modules keep. */
package org.millrace.engine;
