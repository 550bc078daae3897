package org.millrace.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose the pid file is, and who may write and remove it. */
class PidFileTest {
    private static final String OURS = Long.toString(ProcessHandle.current().pid());

    @TempDir
    private Path folder;
    private Path path;
    private PidFile file;

    @BeforeEach
    void name() {
        path = folder.resolve("pid");
        file = new PidFile(path.toString());
    }

    @Test
    void shouldHoldADecimalWithoutALineEndAndGoAtTheEnd() throws IOException {
        file.check();
        assertFalse(Files.exists(path));
        file.write();
        assertEquals(OURS, Files.readString(path));
        file.remove();
        assertFalse(Files.exists(path));
    }

    @Test
    void shouldLeaveTheFileOfALivingProcessAlone() throws IOException {
        String parent = Long.toString(ProcessHandle.current().parent().orElseThrow().pid());
        Files.writeString(path, parent + "\n");
        String message = "process " + parent + " is running, as the pid file " + path
            + " says; stop it first, take over from it with -r, or choose another file with -p";
        assertEquals(message, assertThrows(IOException.class, file::check).getMessage());
        assertEquals(message, assertThrows(IOException.class, file::write).getMessage());
        assertEquals(parent + "\n", Files.readString(path));
    }

    @Test
    void shouldTakeOverFromTheLivingProcessThatItWasTold() throws Exception {
        Process living = new ProcessBuilder("sleep", "60").start();
        Process other = new ProcessBuilder("sleep", "60").start();
        try {
            PidFile heir = new PidFile(path.toString(), true);
            heir.check();
            assertEquals(0, heir.predecessor());
            Files.writeString(path, Long.toString(living.pid()));
            heir.check();
            assertEquals(living.pid(), heir.predecessor());
            Files.writeString(path, Long.toString(other.pid()));
            assertThrows(IOException.class, heir::write, "somebody else was faster");
            Files.writeString(path, Long.toString(living.pid()));
            heir.write();
            assertEquals(OURS, Files.readString(path));
            heir.endPredecessor();
            assertTrue(living.waitFor(10, TimeUnit.SECONDS));
            assertTrue(other.isAlive());
            heir.endPredecessor();
        } finally {
            living.destroyForcibly();
            other.destroyForcibly();
        }
    }

    @Test
    void shouldTakeOverTheFileOfAProcessThatIsGone() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        assertEquals(0, gone.waitFor());
        Files.writeString(path, gone.pid() + "0000000");
        file.check();
        file.write();
        assertEquals(OURS, Files.readString(path));
    }

    /** After a restart of the machine or container the old number may be anybody's. */
    @Test
    void shouldTakeOverTheFileOfAnOlderProcessWithTheNumberOfALivingOne() throws IOException {
        ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
        Files.writeString(path, Long.toString(parent.pid()));
        Files.setLastModifiedTime(path, FileTime.from(parent.info().startInstant().orElseThrow()
            .minus(Duration.ofSeconds(5))));
        file.check();
        file.write();
        assertEquals(OURS, Files.readString(path));
    }

    @Test
    void shouldTakeOverItsOwnNumberAndAnEmptyFile() throws IOException {
        Files.writeString(path, OURS);
        file.check();
        Files.writeString(path, "");
        file.check();
        file.write();
        assertEquals(OURS, Files.readString(path));
    }

    @Test
    void shouldRemoveNothingOfOthers() throws IOException {
        file.write();
        Files.writeString(path, "1");
        file.remove();
        assertEquals("1", Files.readString(path));
        Files.delete(path);
        file.remove();
    }

    @Test
    void shouldRefuseAFileThatIsNoPidFile() throws IOException {
        Files.writeString(path, "alpha:\n");
        assertTrue(assertThrows(IOException.class, file::check).getMessage().contains(path + " is not a pid file"));
        Files.writeString(path, "9".repeat(5000));
        assertTrue(assertThrows(IOException.class, file::check).getMessage().contains(path + " is not a pid file"));
        String nowhere = folder.resolve("none/pid").toString();
        String message = assertThrows(IOException.class, new PidFile(nowhere)::write).getMessage();
        assertTrue(message.startsWith("cannot write the pid file " + nowhere), message);
    }
}
