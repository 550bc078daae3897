package org.millrace.perf.pressure;

import java.io.IOException;

/** Something that goes wrong beside a healthy load, and that must not matter to it. */
interface Fault {
    /** Name for the command line and for files. */
    String name();

    /** One sentence for the title of a drawing. */
    String title();

    /** It begins. */
    void begin() throws IOException;

    /** It ends; when this returns the proxy is as before. */
    void end() throws IOException;

    /** What it did since {@link #begin}, for the report. */
    String traces();
}
