package org.millrace.engine.tap;

import java.io.IOException;
import java.util.Iterator;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.millrace.conf.CaptureConfig;

/** Makes sinks. Not part of the server: whoever has one names it to the {@link ServiceLoader}. */
public interface TapSinks {
    /**
     * A sink for a capture that begins.
     *
     * @param log takes what the operator should know
     * @throws IOException if nothing can be kept there; the message says why and what to do
     */
    TapSink open(CaptureConfig config, Consumer<String> log) throws IOException;

    /** The one that is there, or null. */
    static TapSinks find() {
        Iterator<TapSinks> found = ServiceLoader.load(TapSinks.class).iterator();
        return found.hasNext() ? found.next() : null;
    }
}
