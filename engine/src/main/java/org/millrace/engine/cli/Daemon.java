package org.millrace.engine.cli;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A process in the background: the same command once more, in a session of its own and away from the terminal. The
 * parent waits until it serves, or passes its reasons and its exit code on.
 */
final class Daemon {
    /** Set for the process in the background, so that it does not start another. */
    private static final String CHILD = "MILLRACE_DAEMON";
    /** What the child says when it serves. */
    private static final String SERVING = "millrace: serving";
    private static final String NULL = "/dev/null";

    private Daemon() {
    }

    /** True in the process that is to serve in the background. */
    static boolean isChild() {
        return System.getenv(CHILD) != null;
    }

    /**
     * Starts it, and waits until it serves.
     *
     * @param err takes its reasons if it does not
     * @return the exit code: 0 if it serves
     */
    static int start(PrintStream err) throws InterruptedException {
        Process child;
        try {
            ProcessBuilder builder = new ProcessBuilder(command()).redirectInput(new File(NULL));
            builder.environment().put(CHILD, "1");
            child = builder.start();
        } catch (IOException e) {
            err.println("millrace: cannot go into the background: " + e.getMessage());
            return Main.FAILED;
        }
        Thread interrupted = new Thread(child::destroy, "millrace-daemon-stop");
        Runtime.getRuntime().addShutdownHook(interrupted);
        Thread reasons = Thread.ofPlatform().daemon().start(() -> passOn(child.errorReader(), err, null));
        if (passOn(child.inputReader(), err, SERVING)) {
            Runtime.getRuntime().removeShutdownHook(interrupted);
            return Main.OK;
        }
        int code = child.waitFor();
        reasons.join();
        return code == Main.OK ? Main.FAILED : code;
    }

    /** Passes lines on until one comes that is expected; false if there is none. */
    private static boolean passOn(BufferedReader from, PrintStream to, String until) {
        try {
            for (String line = from.readLine(); line != null; line = from.readLine()) {
                if (line.equals(until)) {
                    return true;
                }
                to.println(line);
            }
        } catch (IOException e) {
            to.println("millrace: " + e.getMessage());
        }
        return false;
    }

    /** Tells the parent that this process serves, and lets go of it: no stream leads to a terminal any more. */
    static void serving() throws IOException {
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        out.write((SERVING + '\n').getBytes(StandardCharsets.US_ASCII));
        // the JDK puts the null device in the place of a standard stream that is closed
        out.close();
        new FileOutputStream(FileDescriptor.err).close();
    }

    /** This process's own command; in a session of its own where the system has {@code setsid}. */
    private static List<String> command() throws IOException {
        List<String> command = new ArrayList<>();
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        Stream.of(path.split(File.pathSeparator)).map(folder -> Path.of(folder, "setsid"))
            .filter(Files::isExecutable).findFirst().ifPresent(found -> command.add(found.toString()));
        Path exact = Path.of("/proc/self/cmdline");
        ProcessHandle.Info self = ProcessHandle.current().info();
        if (Files.isReadable(exact)) {
            // as the JDK will write it again
            Charset system = Charset.forName(System.getProperty("sun.jnu.encoding"));
            String[] words = new String(Files.readAllBytes(exact), system).split("\0", -1);
            command.add(self.command().orElse(words[0]));
            command.addAll(List.of(words).subList(1, words.length - 1));
        } else if (self.command().isPresent() && self.arguments().isPresent()) {
            command.add(self.command().get());
            command.addAll(List.of(self.arguments().get()));
        } else {
            throw new IOException("this system does not tell a process its own command; run it in the foreground, under"
                + " a supervisor");
        }
        return command;
    }
}
