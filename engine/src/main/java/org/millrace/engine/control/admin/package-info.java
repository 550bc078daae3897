/**
 * What administrative commands do: those that clients of a Redis pool give on its port, if its {@code admin_commands}
 * allows them. A lane looks whether a client may ({@code resp.AdminQuestions}); the control thread answers.
 *
 * <p>A further command takes a line in the table of commands ({@code local}), its name in {@code resp.AdminQuestions},
 * among those that only tell or among those that change something, and a handler in {@link AdminCommands}. An
 * administrator of a pool sees and changes that pool, and no other.
 */
package org.millrace.engine.control.admin;
