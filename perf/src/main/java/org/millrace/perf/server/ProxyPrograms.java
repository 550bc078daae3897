package org.millrace.perf.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Launchers of the programs themselves: Millrace by its start script, and nutcracker (twemproxy). */
public final class ProxyPrograms {
    /** Heap of fixed size and touched at start, so that what grows afterwards is not the heap's first use. */
    public static final String TOUCHED_HEAP = "-Xms256m -Xmx256m -XX:+AlwaysPreTouch";

    private static final String COLLECTOR_LOG = "-Xlog:gc*,safepoint:file=gc.log:uptime,level,tags:filecount=0";

    private ProxyPrograms() {
    }

    /**
     * Millrace as a process of its own. It runs a copy of the jar, so that a build in the meantime does no harm.
     *
     * @param home        the folder with {@code bin/millrace}
     * @param jar         the jar, or null for that of the tree
     * @param javaOptions further options of its JVM
     */
    public static ProxyLauncher millrace(Path home, Path jar, String javaOptions) {
        return (yaml, servers) -> {
            Path script = home.resolve("bin/millrace").toAbsolutePath();
            Path built = jar == null ? home.resolve("engine/target/millrace.jar") : jar;
            if (!Files.isExecutable(script) || !Files.isReadable(built)) {
                throw new IOException("there is no " + (Files.isExecutable(script) ? built : script)
                    + "; build first, or say where with --home and --jar");
            }
            Path folder = ProxyProcess.folder();
            Path copy = Files.copy(built, folder.resolve("millrace.jar"), StandardCopyOption.REPLACE_EXISTING);
            int port = FreePort.find();
            Path file = Files.writeString(folder.resolve("millrace.yml"), yaml.millrace(port, servers));
            Map<String, String> environment = new HashMap<>();
            environment.put("MILLRACE_JAR", copy.toString());
            environment.put("MILLRACE_HEAP", null);
            environment.put("MILLRACE_JAVA_OPTS", (javaOptions + ' ' + COLLECTOR_LOG).trim());
            List<String> command = List.of(script.toString(), "-c", file.toString(), "-s", "0");
            return ProxyProcess.start("Millrace", command, folder, environment, port, yaml.isRedis(),
                folder.resolve("gc.log"));
        };
    }

    /** nutcracker as a process of its own. */
    public static ProxyLauncher nutcracker(Path program) {
        return (yaml, servers) -> {
            Path folder = ProxyProcess.folder();
            int port = FreePort.find();
            Path file = Files.writeString(folder.resolve("nutcracker.yml"), yaml.nutcracker(port, servers));
            List<String> command = List.of(program.toString(), "-c", file.toString(), "-a", "127.0.0.1", "-s",
                String.valueOf(FreePort.find()));
            return ProxyProcess.start("nutcracker", command, folder, Map.of(), port, yaml.isRedis(), null);
        };
    }

    /** nutcracker on {@code PATH} or in {@code /usr/sbin}, or null. */
    public static Path findNutcracker() {
        Path program = Programs.find("nutcracker");
        return program != null ? program : Programs.find("nutcracker", "/usr/sbin");
    }
}
