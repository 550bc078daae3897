package org.millrace.engine.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.millrace.conf.ConfigException;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
import org.millrace.engine.Unsupported;

/** {@code millrace reload}: tells the process of a pid file to read its file again, if that is good. */
final class ReloadCommand {
    static final String USAGE = "usage: millrace reload -p PIDFILE [-c FILE]";

    private ReloadCommand() {
    }

    static int run(List<String> args, PrintStream out, PrintStream err) throws InterruptedException {
        if (args.contains("-h") || args.contains("--help")) {
            out.println(USAGE);
            out.println("Sends SIGUSR1 to the process that PIDFILE names, which goes over to what its configuration "
                + "file says now; its log tells what has changed, or why nothing has. With -c, a bad FILE is told "
                + "here, and the process is left alone.");
            return Main.OK;
        }
        try {
            Words words = new Words("reload", args, "p pid-file", "c conf-file");
            if (words.get("p") == null) {
                throw new UsageException("reload: which process? Name its pid file");
            }
            if (words.get("c") != null) {
                MillraceConfig config = ConfigReader.read(Path.of(words.get("c")));
                Unsupported.check(config);
                config.warnings().forEach(warning -> err.println("millrace: warning: " + warning));
            }
            long pid = new PidFile(words.get("p")).living();
            if (new ProcessBuilder("kill", "-USR1", Long.toString(pid)).inheritIO().start().waitFor() != 0) {
                throw new IOException("process " + pid + " cannot be told; is it another user's?");
            }
            out.println("millrace: process " + pid + " reads its file again; its log says what has changed");
            return Main.OK;
        } catch (UsageException e) {
            err.println("millrace: " + e.getMessage());
            err.println(USAGE);
            return Main.FAILED;
        } catch (ConfigException | IOException e) {
            err.println("millrace: reload: " + e.getMessage());
            return Main.FAILED;
        }
    }
}
