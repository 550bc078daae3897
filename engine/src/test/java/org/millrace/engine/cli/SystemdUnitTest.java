package org.millrace.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.conf.ConfigReader;

/** The systemd unit in {@code conf/}: what it starts can be started, and it confines what it says it does. */
class SystemdUnitTest {
    private static final String LAUNCHER = "/opt/millrace/bin/millrace";

    private Path unit;
    private final Map<String, String> service = new HashMap<>();

    @TempDir
    private Path folder;

    @BeforeEach
    void read() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (root != null && !Files.exists(root.resolve("conf/millrace.service"))) {
            root = root.getParent();
        }
        assertNotNull(root, "conf/millrace.service is not above " + Path.of("").toAbsolutePath());
        unit = root.resolve("conf/millrace.service");
        String section = "";
        for (String line : Files.readAllLines(unit)) {
            if (line.startsWith("[")) {
                section = line;
            } else if (!line.isBlank() && !line.startsWith("#")) {
                assertTrue(line.matches("[A-Za-z]+=.*"), line);
                if (section.equals("[Service]")) {
                    String[] pair = line.split("=", 2);
                    service.merge(pair[0], pair[1], (one, other) -> one + ' ' + other);
                }
            }
        }
    }

    @Test
    void shouldStartWhatCanBeStarted() throws UsageException {
        List<String> words = Arrays.asList(service.get("ExecStart").split(" "));
        assertEquals(LAUNCHER, words.getFirst());
        Options options = Options.parse(words.subList(1, words.size()).toArray(String[]::new));
        assertEquals("/etc/millrace/nutcracker.yml", options.confFile());
        assertEquals("127.0.0.1", options.statsAddress(), "nobody else can read the stats port of an example");
        assertFalse(options.has(OptionName.DAEMONIZE), "a process that forks is not of type exec");
        assertEquals("exec", service.get("Type"));
        assertEquals("/run/" + service.get("RuntimeDirectory") + "/pid", options.pidFile());
        assertEquals(LAUNCHER + " reload -p " + options.pidFile(), service.get("ExecReload"),
            "it waits for what comes of it");
        assertTrue(service.get("Environment").contains("MILLRACE_BUILD=never"), "a service builds nothing");
    }

    @Test
    void shouldLetItDrainAndStartItAgain() {
        int drainMs = ConfigReader.read("test.yml", "alpha:\n  listen: 127.0.0.1:1\n  servers:\n    - 127.0.0.1:2:1\n")
            .engine().drainMs();
        assertTrue(Integer.parseInt(service.get("TimeoutStopSec")) * 1000 >= 2 * drainMs);
        assertEquals("SIGTERM", service.get("KillSignal"));
        assertEquals("on-failure", service.get("Restart"));
    }

    @Test
    void shouldConfineIt() {
        assertTrue(Integer.parseInt(service.get("LimitNOFILE")) >= 65536);
        for (String each : List.of("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices", "DynamicUser",
            "ProtectKernelTunables", "ProtectControlGroups", "RestrictNamespaces", "RestrictSUIDSGID")) {
            assertEquals("yes", service.get(each), each);
        }
        assertEquals("strict", service.get("ProtectSystem"));
        assertEquals("", service.get("CapabilityBoundingSet"));
        assertEquals("AF_UNIX AF_INET AF_INET6", service.get("RestrictAddressFamilies"));
        assertFalse(service.containsKey("MemoryDenyWriteExecute"), "the JVM makes code at run time");
    }

    /** Where systemd is there, it reads every line of the unit. */
    @Test
    void shouldBeUnderstoodBySystemd() throws Exception {
        String path = System.getenv().getOrDefault("PATH", "/usr/bin");
        boolean isThere = Stream.of(path.split(":")).anyMatch(each -> Files.isExecutable(
            Path.of(each, "systemd-analyze")));
        if (isThere) {
            Path copy = folder.resolve("millrace.service");
            Files.writeString(copy, Files.readString(unit).replace(LAUNCHER, "/bin/true"));
            assertEquals("0: ", verify(copy));
            Files.writeString(copy, Files.readString(unit).replace(LAUNCHER, "/bin/true")
                .replace("NoNewPrivileges=yes", "NoNewPrivilege=yes"));
            assertTrue(verify(copy).contains("NoNewPrivilege"), "it looks at nothing");
        }
    }

    private static String verify(Path file) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("systemd-analyze", "verify", file.toString()).redirectErrorStream(true)
            .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() + ": " + said;
    }
}
