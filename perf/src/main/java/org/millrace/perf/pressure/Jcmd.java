package org.millrace.perf.pressure;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks another JVM about its heap by jcmd of this JVM's JDK. */
final class Jcmd {
    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    private Jcmd() {
    }

    /** Collects all garbage, so that what is used afterwards is alive. */
    static void collect(long pid) throws IOException {
        run(pid, "GC.run");
    }

    /** Used bytes of the heap; right after {@link #collect} they are those of live objects. */
    static long usedHeapBytes(long pid) throws IOException {
        long kib = 0;
        boolean any = false;
        for (String line : run(pid, "GC.heap_info").split("\n")) {
            Matcher matcher = USED.matcher(line);
            if (!line.contains("Metaspace") && !line.contains("class space") && matcher.find()) {
                kib += Long.parseLong(matcher.group(1));
                any = true;
            }
        }
        if (!any) {
            throw new IOException("jcmd GC.heap_info of process " + pid + " tells no used heap");
        }
        return kib * 1024;
    }

    private static String run(long pid, String command) throws IOException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
            String.valueOf(pid), command).redirectErrorStream(true).start();
        StringBuilder text = new StringBuilder();
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                text.append(line).append('\n');
            }
        }
        try {
            if (process.waitFor() != 0) {
                throw new IOException("jcmd " + pid + ' ' + command + ": " + text);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return text.toString();
    }
}
