package org.millrace.io.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of system calls, row by row against the kernel's headers. */
class SyscallNumbersTest {
    /** {@code asm/unistd_64.h} of x86 and {@code asm-generic/unistd.h}, which is what arm64 includes. */
    private static final String HEADERS = """
        write 1 64
        close 3 57
        mmap 9 222
        munmap 11 215
        socket 41 198
        connect 42 203
        shutdown 48 210
        bind 49 200
        listen 50 201
        getsockname 51 204
        getpeername 52 205
        setsockopt 54 208
        getsockopt 55 209
        gettid 186 178
        tgkill 234 131
        eventfd2 290 19
        io_uring_setup 425 425
        io_uring_enter 426 426
        io_uring_register 427 427
        """;

    private static final Pattern DEFINITION = Pattern.compile("#define\\s+(__NR\\w+)\\s+(\\d+)");

    @Test
    void shouldHoldTheNumbersOfTheKernelForBothArchitectures() {
        StringBuilder rows = new StringBuilder();
        for (SyscallNumbers.Row row : SyscallNumbers.rows()) {
            rows.append(row.name().replace("__NR_", "")).append(' ').append(row.on("amd64")).append(' ')
                .append(row.on("aarch64")).append('\n');
        }
        assertEquals(HEADERS, rows.toString());
    }

    /** Where the headers of the system's C library are installed, they say the same. */
    @Test
    void shouldAgreeWithTheInstalledHeaders() throws IOException {
        Map<String, Integer> generic = header("/usr/include/asm-generic/unistd.h");
        Map<String, Integer> x86 = header("/usr/include/x86_64-linux-gnu/asm/unistd_64.h");
        int compared = 0;
        for (SyscallNumbers.Row row : SyscallNumbers.rows()) {
            // mmap is the generic header's __NR3264_mmap.
            Integer number = generic.get(row.name().replace("__NR_mmap", "__NR3264_mmap"));
            compared += compare(row.name(), number, row.on("aarch64")) + compare(row.name(), x86.get(row.name()),
                row.on("x86_64"));
        }
        assertEquals(SyscallNumbers.rows().size() * ((generic.isEmpty() ? 0 : 1) + (x86.isEmpty() ? 0 : 1)), compared);
    }

    /** Two calls of one number, or a constant that is not its row's, would be a slip of the pen. */
    @Test
    void shouldGiveEachConstantTheRowOfItsName() throws IllegalAccessException {
        Set<Integer> seen = new HashSet<>();
        for (SyscallNumbers.Row row : SyscallNumbers.rows()) {
            String constant = row.name().replace("__NR_", "").toUpperCase(Locale.ROOT);
            assertEquals(row.on(System.getProperty("os.arch")), constant(constant), row.name());
            assertTrue(seen.add(row.generic()), row.name());
        }
        assertNotEquals(0, seen.size());
    }

    @Test
    void shouldKnowLinuxOnTwoArchitecturesAndNothingElse() {
        assertTrue(SyscallNumbers.areKnown("Linux", "amd64"));
        assertTrue(SyscallNumbers.areKnown("Linux", "aarch64"));
        assertFalse(SyscallNumbers.areKnown("Linux", "riscv64"));
        assertFalse(SyscallNumbers.areKnown("Linux", "x86"));
        assertFalse(SyscallNumbers.areKnown("Mac OS X", "aarch64"));
    }

    private static long constant(String name) throws IllegalAccessException {
        try {
            Field field = SyscallNumbers.class.getDeclaredField(name);
            return field.getLong(null);
        } catch (NoSuchFieldException e) {
            throw new AssertionError("no constant " + name, e);
        }
    }

    private static int compare(String name, Integer installed, int ours) {
        if (installed == null) {
            return 0;
        }
        assertEquals(installed, ours, name);
        return 1;
    }

    /** The numbers that a header defines; none where it is not installed. */
    private static Map<String, Integer> header(String path) throws IOException {
        Map<String, Integer> numbers = new HashMap<>();
        if (Files.exists(Path.of(path))) {
            Matcher matcher = DEFINITION.matcher(Files.readString(Path.of(path)));
            while (matcher.find()) {
                numbers.put(matcher.group(1), Integer.parseInt(matcher.group(2)));
            }
        }
        return numbers;
    }
}
