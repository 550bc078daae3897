package org.millrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Reads the sources of all modules for calls that have a better replacement here, and for files that grew too long. */
class TidyTest {
    private static final int MAX_LINES = 400;
    private static final List<String> MODULES = List.of("conf", "codec", "io", "routing", "engine", "perf");

    /** What is not to be written, where, and what to write instead. */
    private record Rule(String banned, Predicate<String> where, String instead) {
    }

    private static final Predicate<String> MAIN = path -> path.contains("/src/main/");
    private static final Predicate<String> SPEAKS = path ->
        path.startsWith("perf/") || path.contains("/cli/") || path.contains("/control/")
            || path.contains("/engine/top/");
    private static final Predicate<String> DATA_PATH = MAIN.and(SPEAKS.negate())
        .and(path -> !path.startsWith("conf/"));

    private static final List<Rule> RULES = List.of(
        new Rule("System\\.out\\b", MAIN.and(SPEAKS.negate()), "a PrintStream handed in by the cli package"),
        new Rule("String\\.format\\(", DATA_PATH, "plain concatenation off the data path, bytes on it"),
        new Rule("\\bsynchronized\\b", DATA_PATH, "one owning thread, and a bounded queue to it"),
        new Rule("(Thread|TimeUnit\\.\\w+)\\.sleep\\(", path -> true,
            "waiting for the condition itself, with a deadline (a latch, a poll of the lane, virtual time)"),
        new Rule("System\\.currentTimeMillis\\(", path -> true, "nowNs of the turn, or a clock handed in"),
        new Rule("\\.printStackTrace\\(\\)", path -> true, "the event log"),
        new Rule("@Disabled\\b", path -> true, "a repaired test, or none"),
        new Rule("\\bfinalize\\(\\)|\\bThreadLocal\\b", MAIN, "a field of the object that owns it"));

    private static Path root;

    @BeforeAll
    static void findRoot() {
        root = Path.of("").toAbsolutePath();
        while (root != null && !Files.exists(root.resolve(".ci/checkstyle.xml"))) {
            root = root.getParent();
        }
        assertTrue(root != null, "the repository's root is not above " + Path.of("").toAbsolutePath());
    }

    @Test
    void shouldUseNoBannedCall() throws IOException {
        List<String> findings = new ArrayList<>();
        List<Pattern> patterns = RULES.stream().map(rule -> Pattern.compile(rule.banned())).toList();
        for (Path file : sources()) {
            String path = relative(file);
            if (path.endsWith("/TidyTest.java")) {
                continue;
            }
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                String code = withoutComment(lines.get(i));
                for (int r = 0; r < patterns.size(); r++) {
                    if (RULES.get(r).where().test(path) && patterns.get(r).matcher(code).find()) {
                        findings.add(path + ":" + (i + 1) + ": " + code.strip() + "  -> use " + RULES.get(r).instead());
                    }
                }
            }
        }
        assertEquals(List.of(), findings, String.join("\n", findings));
    }

    @Test
    void shouldKeepFilesShort() throws IOException {
        List<String> findings = new ArrayList<>();
        for (Path file : sources()) {
            int lines = Files.readAllLines(file).size();
            if (MAIN.test(relative(file)) && lines > MAX_LINES) {
                findings.add(relative(file) + " has " + lines + " lines, more than " + MAX_LINES
                    + ": it holds more than one concept");
            }
        }
        assertEquals(List.of(), findings, String.join("\n", findings));
    }

    /** So that {@code perf/bin/fault-suite} runs them. */
    @Test
    void shouldTagTestsThatMakeServersFail() throws IOException {
        Pattern failing = Pattern.compile(
            "FaultPort\\.before\\(|new FaultKit\\(|(ProxyKit|kit)\\.signal\\(|\\.kill\\(\\)");
        List<String> findings = new ArrayList<>();
        int tagged = 0;
        for (Path file : sources()) {
            String text = Files.readString(file);
            if (relative(file).startsWith("perf/") && relative(file).endsWith("Test.java")
                && failing.matcher(text).find()) {
                tagged++;
                if (!text.contains("@Tag(\"faults\")")) {
                    findings.add(relative(file) + " makes servers fail and has no @Tag(\"faults\")");
                }
            }
        }
        assertTrue(tagged > 5, "only " + tagged + " tests make servers fail");
        assertEquals(List.of(), findings, String.join("\n", findings));
    }

    @Test
    void shouldDescribeEveryPackage() throws IOException {
        List<Path> missing = sources().stream().filter(file -> MAIN.test(relative(file))).map(Path::getParent)
            .distinct().filter(folder -> !Files.exists(folder.resolve("package-info.java"))).toList();
        assertEquals(List.of(), missing);
    }

    private static List<Path> sources() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String module : MODULES) {
            Path folder = root.resolve(module).resolve("src");
            if (Files.isDirectory(folder)) {
                try (Stream<Path> walk = Files.walk(folder)) {
                    walk.filter(file -> file.toString().endsWith(".java")).sorted().forEach(files::add);
                }
            }
        }
        assertTrue(files.size() > 50, "only " + files.size() + " sources found under " + root);
        return files;
    }

    private static String relative(Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }

    private static String withoutComment(String line) {
        String start = line.stripLeading();
        if (start.startsWith("*") || start.startsWith("/*") || start.startsWith("//")) {
            return "";
        }
        int comment = line.indexOf(" // ");
        return comment < 0 ? line : line.substring(0, comment);
    }
}
