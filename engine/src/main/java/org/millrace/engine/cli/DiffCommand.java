package org.millrace.engine.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.millrace.conf.ConfigException;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
import org.millrace.engine.ConfigDiff;
import org.millrace.engine.Unsupported;

/** {@code millrace diff}: what a reload would do, and what share of keys would move. Asks no process. */
final class DiffCommand {
    static final String USAGE = "usage: millrace diff -c NEW [--from OLD]   (OLD: conf/nutcracker.yml)";

    private DiffCommand() {
    }

    static int run(List<String> args, PrintStream out, PrintStream err) {
        if (args.contains("-h") || args.contains("--help")) {
            out.println(USAGE);
            out.println("Prints what changes from the file OLD to the file NEW, a line each, and the share of keys "
                + "that move in each pool.");
            return Main.OK;
        }
        try {
            Words words = new Words("diff", args, "c conf-file", "f from");
            if (words.get("c") == null) {
                throw new UsageException("diff: which file is the new one?");
            }
            MillraceConfig before = read(words.get("f") == null ? "conf/nutcracker.yml" : words.get("f"));
            MillraceConfig after = read(words.get("c"));
            ConfigDiff.check(before, after);
            List<String> lines = ConfigDiff.lines(before, after);
            out.println(lines.isEmpty() ? "nothing changes" : String.join(System.lineSeparator(), lines));
            return Main.OK;
        } catch (UsageException e) {
            err.println("millrace: " + e.getMessage());
            err.println(USAGE);
            return Main.FAILED;
        } catch (ConfigException | IllegalArgumentException e) {
            err.println("millrace: diff: " + e.getMessage());
            return Main.FAILED;
        }
    }

    private static MillraceConfig read(String file) {
        MillraceConfig config = ConfigReader.read(Path.of(file));
        Unsupported.check(config);
        return config;
    }
}
