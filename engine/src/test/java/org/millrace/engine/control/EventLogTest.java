package org.millrace.engine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The log's lines, levels and repetitions; one that cannot be written harms nobody, and what is missing is told. */
class EventLogTest {
    private static final String HEAD = "\\[[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}] "
        + "EventLogTest\\.java:[0-9]+ ";

    private final Disk disk = new Disk();
    private long nowNs = 5;

    @TempDir
    private Path folder;

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldCountWhatAFullDiskDoesNotTake() throws IOException {
        try (OutputStream full = new FileOutputStream("/dev/full")) {
            EventLog log = new EventLog(full);
            log.info("one");
            log.warn("two");
            log.error("three", new IllegalStateException("why"));
            assertEquals(3, log.lost());
            assertEquals(1, log.errors());
        }
    }

    @Test
    void shouldSayHowManyLinesAreMissingOnceThereIsRoomAgain() {
        EventLog log = new EventLog(disk);
        disk.full = true;
        log.info("lost");
        log.info("lost too");
        disk.full = false;
        log.info("here");
        log.info("and here");
        assertEquals(List.of("warning: 2 lines before this one could not be written", "here", "and here"), texts());
        assertEquals(2, log.lost());
    }

    @Test
    void shouldWriteTimePlaceAndTextAsTwemproxyDoes() {
        EventLog log = new EventLog(disk);
        Runnable later = () -> log.warn("two");
        log.info("one");
        later.run();
        List.of("of a list").forEach(log::info);
        log.error("three", new IllegalStateException("why"));
        String text = disk.text();
        assertTrue(text.matches("(?s)" + HEAD + "one\\R" + HEAD + "warning: two\\R" + HEAD + "of a list\\R" + HEAD
            + "error: three\\Rjava\\.lang\\.IllegalStateException: why\\R\\tat .*EventLogTest\\.java.*\\R"), text);
    }

    @Test
    void shouldLetNobodyWriteALineOfItsOwn() {
        new EventLog(disk).warn("server said: -ERR\r\n[2026-01-01] x.c:1 all is well\u001b[2J, é");
        assertEquals(List.of("warning: server said: -ERR??[2026-01-01] x.c:1 all is well?[2J, é"), texts());
    }

    @Test
    void shouldShowWhatEachLevelShows() {
        EventLog log = new EventLog(disk, 0);
        for (int level = 0; level <= EventLog.MAX_LEVEL; level++) {
            assertEquals(level, log.level(level));
            log.always("always " + level);
            log.error("error " + level, null);
            log.warn("warning " + level);
            log.info("notice " + level);
        }
        List<String> texts = texts();
        assertEquals(12, texts.stream().filter(text -> text.startsWith("always")).count());
        assertEquals("error: error 1", texts.stream().filter(text -> text.startsWith("err")).findFirst().orElseThrow());
        assertEquals("warning: warning 4", texts.stream().filter(text -> text.startsWith("w")).findFirst()
            .orElseThrow());
        assertEquals("notice 5", texts.stream().filter(text -> text.startsWith("n")).findFirst().orElseThrow());
        assertEquals(12, log.errors(), "what is not shown has happened all the same");
        assertEquals(0, log.lost());
    }

    @Test
    void shouldStayWithinTheLevels() {
        EventLog log = new EventLog(disk);
        assertEquals(5, log.level());
        assertEquals(0, log.level(-1));
        assertEquals(11, log.level(12));
        assertEquals(11, log.level());
    }

    @Test
    void shouldTellARepeatedLineAtOnceAndThenItsNumber() {
        EventLog log = new EventLog(disk, 5, () -> nowNs);
        for (int i = 0; i < 4; i++) {
            log.warn("server failed");
            log.warn("another failed");
            log.tellRepeats();
        }
        assertEquals(List.of("warning: server failed", "warning: another failed"), texts());
        log.warn("server failed");
        nowNs += Repeats.FOLD_NS - 1;
        log.tellRepeats();
        assertEquals(2, texts().size(), "not yet");
        nowNs++;
        log.tellRepeats();
        assertEquals(List.of("warning: server failed (4 more times in 10 s)",
            "warning: another failed (3 more times in 10 s)"), texts().subList(2, 4));
        log.warn("server failed");
        assertEquals(4, texts().size(), "it goes on, so it is counted on");
        nowNs += Repeats.FOLD_NS;
        log.tellRepeats();
        assertEquals("warning: server failed (1 more time in 10 s)", texts().get(4));
        nowNs += Repeats.FOLD_NS;
        log.tellRepeats();
        assertEquals(5, texts().size(), "nothing is told of nothing");
        log.warn("server failed");
        assertEquals("warning: server failed", texts().get(5), "after a pause it is new");
    }

    @Test
    void shouldTellWhatWasCountedBeforeItEnds() {
        EventLog log = new EventLog(disk, 5, () -> nowNs);
        log.warn("server failed");
        log.warn("server failed");
        log.flush();
        log.flush();
        assertEquals(List.of("warning: server failed", "warning: server failed (1 more time in 1 s)"), texts());
    }

    @Test
    void shouldTellEachStackOfTheSameText() {
        EventLog log = new EventLog(disk, 5, () -> nowNs);
        for (int i = 0; i < 2; i++) {
            log.error("fault", new IllegalStateException("one"));
        }
        log.error("fault", new IllegalStateException("two"));
        assertEquals(2, texts().stream().filter(text -> text.equals("error: fault")).count());
        log.flush();
        assertEquals("error: fault (1 more time in 1 s)", texts().getLast());
    }

    @Test
    void shouldForgetNoCountWhenThereAreManyTexts() {
        EventLog log = new EventLog(disk, 5, () -> nowNs);
        log.warn("first");
        log.warn("first");
        for (int i = 1; i < Repeats.TEXTS_MAX; i++) {
            log.warn("other " + i);
        }
        assertEquals(Repeats.TEXTS_MAX, texts().size());
        log.warn("one too many");
        assertEquals(List.of("warning: first (1 more time in 1 s)", "warning: one too many"),
            texts().subList(Repeats.TEXTS_MAX, texts().size()));
    }

    @Test
    void shouldFoldNothingForADebuggerAndNeverASignal() {
        EventLog log = new EventLog(disk, 5, () -> nowNs);
        log.always("signal");
        log.always("signal");
        log.level(7);
        log.warn("again");
        log.warn("again");
        assertEquals(List.of("signal", "signal", "warning: again", "warning: again"), texts());
    }

    @Test
    void shouldGoOnInANewFileOnceTheOldOneWasMovedAway() throws IOException {
        Path path = Files.writeString(folder.resolve("log"), "before\n");
        try (LogFile file = new LogFile(path.toString())) {
            EventLog log = new EventLog(file);
            log.info("one");
            Files.move(path, folder.resolve("log.1"));
            log.info("two");
            log.reopen();
            log.info("three");
        }
        String old = Files.readString(folder.resolve("log.1"));
        assertTrue(old.matches("(?s)before\\n" + HEAD + "one\\R" + HEAD + "two\\R"), old);
        assertTrue(Files.readString(path).matches(HEAD + "three\\R"), Files.readString(path));
    }

    @Test
    void shouldStayWithTheOldFileIfThereCanBeNoNewOne() throws IOException {
        Path old = Files.createDirectory(folder.resolve("logs"));
        Path path = old.resolve("log");
        try (LogFile file = new LogFile(path.toString())) {
            EventLog log = new EventLog(file);
            Files.move(old, folder.resolve("moved"));
            log.reopen();
            log.info("here");
            String text = Files.readString(folder.resolve("moved/log"));
            assertTrue(text.contains("warning: the log goes on in its old file: " + path), text);
            assertTrue(text.endsWith(" here" + System.lineSeparator()), text);
            assertEquals(0, log.lost());
        }
    }

    private List<String> texts() {
        return disk.text().lines().map(line -> line.replaceFirst("^" + HEAD, "")).toList();
    }

    private static final class Disk extends OutputStream {
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private boolean full;

        @Override
        public void write(int value) throws IOException {
            if (full) {
                throw new IOException("No space left on device");
            }
            taken.write(value);
        }

        private String text() {
            return taken.toString(StandardCharsets.UTF_8);
        }
    }
}
