package org.millrace.engine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A log that cannot be written harms nobody, and what is missing is told. */
class EventLogTest {
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
        Disk disk = new Disk();
        EventLog log = new EventLog(disk);
        disk.full = true;
        log.info("lost");
        log.info("lost too");
        disk.full = false;
        log.info("here");
        log.info("and here");
        String text = disk.taken.toString(StandardCharsets.UTF_8);
        assertTrue(text.matches("(?s)\\[.*] warning: 2 lines before this one could not be written\\R"
            + "\\[.*] here\\R\\[.*] and here\\R"), text);
        assertEquals(2, log.lost());
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
    }
}
