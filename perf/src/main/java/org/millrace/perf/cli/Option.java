package org.millrace.perf.cli;

/**
 * One option of a command.
 *
 * @param name  without the dashes
 * @param value what stands for its value in the help, or null for a switch
 * @param help  one sentence, with the default
 */
record Option(String name, String value, String help) {
    boolean isSwitch() {
        return value == null;
    }
}
