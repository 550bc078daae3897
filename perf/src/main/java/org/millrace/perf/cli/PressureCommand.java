package org.millrace.perf.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.millrace.perf.report.JsonObject;
import org.millrace.perf.server.ProxyLauncher;
import org.millrace.perf.server.ProxyPrograms;
import org.millrace.perf.server.ProxyYaml;

/** What the tools that put proxies under pressure have in common; each has a script in {@code perf/bin}. */
abstract class PressureCommand implements Command {
    private static final List<Option> COMMON = List.of(
        new Option("transport", "NAME", "transport of Millrace: auto, io_uring, nio (the configuration's default)"),
        new Option("lanes", "N", "lanes of Millrace (the configuration's default)"),
        new Option("split", null, "stage_threads: split"),
        new Option("jar", "FILE", "this Millrace jar instead of the tree's"),
        new Option("java-opts", "OPTIONS", "options of Millrace's JVM (" + ProxyPrograms.TOUCHED_HEAP + ")"),
        new Option("home", "FOLDER", "the folder with bin/millrace (that of the script)"),
        new Option("json", "FILE", "write the figures as JSON, too"));

    /** The promise was not kept; unlike other commands, whose 1 means that they could not start. */
    static final int NOT_KEPT = 1;

    @Override
    public final int cannotStart() {
        return 2;
    }

    @Override
    public final List<Option> options() {
        List<Option> all = new ArrayList<>(ownOptions());
        all.addAll(COMMON);
        return all;
    }

    abstract List<Option> ownOptions();

    @Override
    public final int run(List<String> args, PrintStream out, GracefulExit exit)
        throws IOException, InterruptedException {
        exit.disarm();
        boolean kept = measure(Arguments.parse(options(), args), out, System.err);
        out.println(kept ? "kept" : "NOT KEPT");
        return kept ? OK : NOT_KEPT;
    }

    /** Measures and reports; true if everything was as promised. */
    abstract boolean measure(Arguments given, PrintStream out, PrintStream progress)
        throws IOException, InterruptedException;

    static ProxyLauncher millrace(Arguments given) {
        String jar = given.text("jar", null);
        return ProxyPrograms.millrace(Path.of(given.text("home", ".")), jar == null ? null : Path.of(jar),
            given.text("java-opts", ProxyPrograms.TOUCHED_HEAP));
    }

    static String millraceName(Arguments given) {
        return "Millrace " + (given.has("split") ? "split" : "fused")
            + (given.has("transport") ? ' ' + given.text("transport", "") : "");
    }

    /** The engine's part of the configuration as the options want it. */
    static ProxyYaml yaml(Arguments given) {
        ProxyYaml yaml = new ProxyYaml();
        if (given.has("transport")) {
            yaml.engine("transport", given.text("transport", ""));
        }
        if (given.has("lanes")) {
            yaml.engine("lanes", String.valueOf(given.count("lanes", 1, 1, 256)));
        }
        if (given.has("split")) {
            yaml.engine("stage_threads", "split");
        }
        return yaml;
    }

    /** The chosen nutcracker, or null when it is to be left out. */
    static ProxyLauncher nutcracker(Arguments given, PrintStream progress) {
        if (given.has("no-nutcracker")) {
            return null;
        }
        Path program = given.has("nutcracker") ? Path.of(given.text("nutcracker", ""))
            : ProxyPrograms.findNutcracker();
        if (program == null) {
            progress.println("nutcracker is missing (apt install nutcracker): Millrace alone");
            return null;
        }
        if (!Files.isExecutable(program)) {
            throw new UsageException("--nutcracker " + program + ": no such program");
        }
        return ProxyPrograms.nutcracker(program);
    }

    static List<Option> nutcrackerOptions() {
        return List.of(new Option("nutcracker", "FILE", "the nutcracker to compare with (that on the PATH)"),
            new Option("no-nutcracker", null, "Millrace alone"));
    }

    static void writeJson(Arguments given, JsonObject json) throws IOException {
        if (given.has("json")) {
            Files.writeString(Path.of(given.text("json", "")), json + "\n");
        }
    }

    static void drawing(Arguments given, String name, String svg, PrintStream out) throws IOException {
        Path folder = Path.of(given.text("svg", "."));
        Files.createDirectories(folder);
        Path file = folder.resolve(name);
        Files.writeString(file, svg);
        out.println("drawn: " + file);
    }
}
