package org.millrace.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The options, in twemproxy's letters. */
class OptionsTest {
    @Test
    void shouldHaveTwemproxysDefaults() throws UsageException {
        assertEquals(new Options("conf/nutcracker.yml", false, "0.0.0.0", 22222, false, false), parse());
    }

    @Test
    void shouldTakeShortAndLongOptions() throws UsageException {
        Options wanted = new Options("a.yml", true, "127.0.0.1", 0, true, true);
        assertEquals(wanted, parse("-c", "a.yml", "-t", "-a", "127.0.0.1", "-s", "0", "-h", "-V"));
        assertEquals(wanted, parse("--conf-file", "a.yml", "--test-conf", "--stats-addr", "127.0.0.1",
            "--stats-port", "0", "--help", "--version"));
        assertEquals(wanted, parse("--conf-file=a.yml", "--test-conf", "--stats-addr=127.0.0.1",
            "--stats-port=0", "--help", "--version"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-1", "65536", "123456", ""})
    void shouldRefuseWhatIsNoPort(String port) {
        UsageException refused = assertThrows(UsageException.class, () -> parse("-s", port));
        assertTrue(refused.getMessage().contains("'" + port + "' is not a port"), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-c", "--conf-file", "-a", "--stats-addr", "-s", "--stats-port"})
    void shouldMissAValue(String option) {
        UsageException refused = assertThrows(UsageException.class, () -> parse(option));
        assertEquals("option " + option + " needs a value", refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-d", "--daemonize", "-p", "-o", "-v", "-m", "-i", "-D", "--describe-stats"})
    void shouldSayThatAnOptionOfTwemproxyIsNotHereYet(String option) {
        UsageException refused = assertThrows(UsageException.class, () -> parse(option));
        assertTrue(refused.getMessage().contains("not here yet"), refused.getMessage());
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow() {
        assertEquals("unknown option -x", assertThrows(UsageException.class, () -> parse("-x")).getMessage());
        assertTrue(assertThrows(UsageException.class, () -> parse("frobnicate")).getMessage()
            .startsWith("unknown command 'frobnicate'"));
    }

    private static Options parse(String... args) throws UsageException {
        return Options.parse(args);
    }
}
