package org.millrace.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files beside this module's pom: both are valid, and the manual tells the truth about every key. */
final class ShippedFilesTest {
    private static final Path FOLDER = Path.of(System.getProperty("basedir", "."));
    private static final Path MANUAL = FOLDER.resolve("millrace.yml");

    @Test
    void shouldShipAPlainFileForFourServers() {
        final MillraceConfig config = ConfigReader.read(FOLDER.resolve("nutcracker.yml"));
        assertEquals(List.of(), config.warnings());
        assertEquals(EngineConfig.defaults(), config.engine());
        final PoolConfig first = config.pools().get(0);
        assertEquals(AddressConfig.tcp("127.0.0.1", 22121), first.listen());
        assertTrue(first.redis());
        assertEquals(List.of(6379, 6380, 6381, 6382),
            first.servers().stream().map(server -> server.address().port()).toList());
        assertTrue(config.pools().size() > 2);
    }

    @Test
    void shouldShipAPlainFileWhoseExamplesAreValidToo() throws IOException {
        final StringBuilder examples = new StringBuilder();
        Files.readAllLines(FOLDER.resolve("nutcracker.yml")).stream()
            .dropWhile(line -> !line.startsWith("# delta:"))
            .forEach(line -> examples.append(line.length() > 2 ? line.substring(2) : "").append('\n'));
        assertEquals(List.of("echo", "delta"),
            Yaml.read(examples.toString()).pools().stream().map(PoolConfig::name).toList());
    }

    @Test
    void shouldShipAManualWithTheDefaultsOfTheEngine() {
        final MillraceConfig config = ConfigReader.read(MANUAL);
        assertEquals(EngineConfig.defaults(), config.engine());
        assertEquals(List.of(), config.warnings());
    }

    @Test
    void shouldDocumentEveryKeyWithItsDefaultAndWhatIsAllowed() throws IOException {
        final List<String> lines = Files.readAllLines(MANUAL);
        final Set<String> documented = new HashSet<>();
        EngineDirectives.TABLE.directives().forEach(directive -> check(lines, directive, "  ", documented));
        LimitDirectives.TABLE.directives().forEach(directive -> check(lines, directive, "    ", documented));
        CaptureDirectives.TABLE.directives().forEach(directive -> check(lines, directive, "    ", documented));
        PoolDirectives.TABLE.directives().forEach(directive -> check(lines, directive, "  ", documented));
        final long defaults = lines.stream().filter(line -> line.strip().startsWith("# Default: ")).count();
        final long twice = PoolDirectives.TABLE.names().stream().filter(key ->
            LimitDirectives.TABLE.names().contains(key) || EngineDirectives.TABLE.names().contains(key)).count();
        assertEquals(defaults, documented.size() + twice, "keys that are documented and not known");
    }

    private static void check(List<String> lines, Directive<?> directive, String indent, Set<String> documented) {
        final String key = directive.name() + ':';
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).startsWith(indent + key) && !lines.get(i).startsWith(indent + "# " + key)) {
                continue;
            }
            final List<String> comment = commentAbove(lines, i, indent);
            final String byDefault = directive.isRequired() ? "none, it must be given" : directive.defaultText();
            if (comment.contains("Default: " + byDefault) && comment.contains("Allowed: " + directive.allowed())) {
                assertTrue(comment.size() > 2, "a sentence for " + key);
                documented.add(directive.name());
                return;
            }
        }
        fail("the manual has no '" + key + "' with the default " + directive.defaultText() + " and what is allowed: "
            + directive.allowed());
    }

    private static List<String> commentAbove(List<String> lines, int key, String indent) {
        final List<String> comment = new ArrayList<>();
        for (int i = key - 1; i >= 0 && lines.get(i).startsWith(indent + "# "); i--) {
            comment.add(lines.get(i).substring(indent.length() + 2));
        }
        return comment;
    }

    @Test
    void shouldKeepTheShippedFilesTidy() throws IOException {
        try (Stream<Path> files = Stream.of(MANUAL, FOLDER.resolve("nutcracker.yml"))) {
            for (final Path file : files.toList()) {
                for (final String line : Files.readAllLines(file)) {
                    assertTrue(line.length() <= 120 && line.equals(line.stripTrailing()), file + ": " + line);
                }
            }
        }
    }
}
