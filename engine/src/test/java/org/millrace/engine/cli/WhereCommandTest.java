package org.millrace.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** {@code millrace where} against every key of every pool that twemproxy's own placement was recorded for. */
class WhereCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> shouldPlaceEveryRecordedKeyAsTwemproxyDoes() throws IOException {
        List<?> pools = (List<?>) vectors().get("pools");
        assertEquals(61, pools.size());
        return pools.stream().map(pool -> (Map<?, ?>) pool)
            .map(pool -> DynamicTest.dynamicTest((String) pool.get("id"), () -> check(pool)));
    }

    private void check(Map<?, ?> pool) throws IOException {
        Path file = Files.writeString(folder.resolve("where.yml"), yaml(pool));
        List<?> names = (List<?>) pool.get("names");
        List<?> servers = (List<?>) pool.get("servers");
        StringBuilder keys = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        List<String> args = new ArrayList<>(List.of("-c", file.toString(), "--hex", "alpha", "--"));
        for (Object item : (List<?>) pool.get("keys")) {
            List<?> pair = (List<?>) item;
            int server = ((Number) pair.get(1)).intValue();
            String address = ((String) servers.get(server)).split(" ")[0];
            keys.append(pair.get(0)).append('\n');
            args.add((String) pair.get(0));
            expected.append(pair.get(0)).append('\t').append(names.get(server)).append('\t')
                .append(address, 0, address.lastIndexOf(':')).append('\n');
        }
        assertEquals(Main.OK, run(keys.toString(), "-c", file.toString(), "--hex", "alpha"), () -> text(err));
        assertEquals(expected.toString(), text(out), "from standard input");
        out.reset();
        assertEquals(Main.OK, run("", args.toArray(String[]::new)), () -> text(err));
        assertEquals(expected.toString(), text(out), "from the command line");
        out.reset();
    }

    private static String yaml(Map<?, ?> pool) {
        StringBuilder yaml = new StringBuilder("alpha:\n  listen: 127.0.0.1:22121\n  redis: true\n");
        yaml.append("  hash: ").append(pool.get("hash")).append('\n');
        yaml.append("  distribution: ").append(pool.get("distribution")).append('\n');
        if (pool.get("hash_tag") != null) {
            yaml.append("  hash_tag: \"").append(pool.get("hash_tag")).append("\"\n");
        }
        yaml.append("  servers:\n");
        ((List<?>) pool.get("servers")).forEach(server -> yaml.append("    - ").append(server).append('\n'));
        return yaml.toString();
    }

    private static Map<?, ?> vectors() throws IOException {
        String resource = "/vectors/distribution.json.gz";
        try (InputStream packed = Objects.requireNonNull(WhereCommandTest.class.getResourceAsStream(resource));
            InputStream json = new GZIPInputStream(packed)) {
            return (Map<?, ?>) new Yaml(new SafeConstructor(new LoaderOptions())).load(json);
        }
    }

    @Test
    void shouldTakeKeysAsTheyAre() throws IOException {
        String file = file();
        assertEquals(Main.OK, run("", "-c", file, "beta", "user:1"));
        assertEquals("user:1\tlocal\t127.0.0.1:7001\n", text(out));
        out.reset();
        assertEquals(Main.OK, run("ümlaut\n\nlast", "-c", file, "beta"));
        assertEquals("ümlaut\tlocal\t127.0.0.1:7001\n\tlocal\t127.0.0.1:7001\nlast\tlocal\t127.0.0.1:7001\n",
            text(out));
    }

    @Test
    void shouldTakeKeysThatBeginWithADash() throws IOException {
        assertEquals(Main.OK, run("", "-c", file(), "beta", "--", "-key"));
        assertTrue(text(out).startsWith("-key\tlocal"), text(out));
    }

    @Test
    void shouldSayWhatIsWrong() throws IOException {
        String file = file();
        assertEquals(Main.FAILED, run("", "-c", file, "gamma", "k"));
        assertTrue(text(err).contains("no pool 'gamma' in " + file + "; it has: beta"), text(err));
        fails("which pool?", "-c", file);
        fails("unknown option or missing value: -x", "-x");
        fails("unknown option or missing value: -c", "beta", "-c");
        fails("'xyz' is not hexadecimal", "-c", file, "--hex", "beta", "xyz");
        fails("there is no such file", "-c", file + ".none", "beta", "k");
    }

    @Test
    void shouldExplainItself() {
        assertEquals(Main.OK, run("", "--help"));
        assertTrue(text(out).startsWith("usage: millrace where"), text(out));
    }

    private void fails(String message, String... args) {
        err.reset();
        assertEquals(Main.FAILED, run("", args));
        assertTrue(text(err).contains(message), text(err));
    }

    private String file() throws IOException {
        return Files.writeString(folder.resolve("beta.yml"), "beta:\n  listen: 127.0.0.1:22121\n  redis: true\n"
            + "  servers:\n    - 127.0.0.1:7001:1 local\n").toString();
    }

    private int run(String in, String... args) {
        return WhereCommand.run(args, new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
