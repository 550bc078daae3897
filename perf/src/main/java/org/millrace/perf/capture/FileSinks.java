package org.millrace.perf.capture;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.millrace.conf.CaptureConfig;
import org.millrace.engine.tap.TapSink;
import org.millrace.engine.tap.TapSinks;

/** Found by the engine when something is to be captured. */
public final class FileSinks implements TapSinks {
    @Override
    public TapSink open(CaptureConfig config, Consumer<String> log) throws IOException {
        Path folder = Path.of(config.dir()).toAbsolutePath();
        try {
            return new FileSink(folder, config, log);
        } catch (IOException e) {
            throw new IOException("cannot capture to " + folder + ": " + e + "; name a folder that can be written to "
                + "by 'dir:' in the section capture: under millrace:, or by --to", e);
        } catch (LinkageError | IllegalStateException e) {
            throw new IOException("cannot capture: this JVM lacks the options that 'bin/millrace capture' gives (" + e
                + "); docs/DEPENDENCIES.md lists them", e);
        }
    }
}
