package org.millrace.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The options, in twemproxy's letters and with its checks. */
class OptionsTest {
    private static final Set<OptionName> NONE = EnumSet.noneOf(OptionName.class);
    private static final Set<OptionName> FLAGS = EnumSet.of(OptionName.HELP, OptionName.VERSION, OptionName.TEST_CONF,
        OptionName.DAEMONIZE, OptionName.DESCRIBE_STATS, OptionName.REPLACE);
    private static final Options ALL = new Options(FLAGS, "a.yml", 11, "a.log", "127.0.0.1", 3, "a.pid",
        EnumSet.of(OptionName.STATS_INTERVAL, OptionName.MBUF_SIZE), List.of());

    @Test
    void shouldHaveTwemproxysDefaults() throws UsageException {
        assertEquals(new Options(NONE, "conf/nutcracker.yml", 5, null, "0.0.0.0", 22222, null, NONE, List.of()),
            Options.parse());
    }

    @Test
    void shouldTakeShortAndLongOptions() throws UsageException {
        assertEquals(ALL, Options.parse("-h", "-V", "-t", "-d", "-D", "-v", "11", "-o", "a.log", "-c", "a.yml", "-s",
            "3", "-a", "127.0.0.1", "-i", "0", "-p", "a.pid", "-r", "-m", "512"));
        assertEquals(ALL, Options.parse("--help", "--version", "--test-conf", "--daemonize", "--describe-stats",
            "--verbose", "11", "--output", "a.log", "--conf-file", "a.yml", "--stats-port", "3", "--stats-addr",
            "127.0.0.1", "--stats-interval", "30000", "--pid-file", "a.pid", "--replace", "--mbuf-size",
            "16777216"));
        assertEquals(ALL, Options.parse("--help", "--version", "--test-conf", "--daemonize", "--describe-stats",
            "--verbose=11", "--output=a.log", "--conf-file=a.yml", "--stats-port=3", "--stats-addr=127.0.0.1",
            "--stats-interval=1", "--pid-file=a.pid", "--replace", "--mbuf-size=16384"));
    }

    @Test
    void shouldTakeLettersTogetherAndLongNamesCutShort() throws UsageException {
        assertEquals(ALL, Options.parse("-hVtdDrv11", "-oa.log", "-ca.yml", "-s3", "-a127.0.0.1", "-i1", "-pa.pid",
            "-m512"));
        assertEquals(ALL, Options.parse("--h", "--vers", "--t", "--da", "--desc", "--verb=11", "--out", "a.log",
            "--conf=a.yml", "--stats-p", "3", "--stats-a=127.0.0.1", "--stats-i", "1", "--p", "a.pid", "--r",
            "--m=512"));
    }

    @Test
    void shouldTakeTheQuestionMarkForHelp() throws UsageException {
        assertEquals(Options.parse("-h"), Options.parse("-?"));
    }

    @Test
    void shouldPutWordsAside() throws UsageException {
        Options options = Options.parse("-t", "one", "-c", "a.yml", "-", "--", "-V");
        assertEquals(List.of("one", "-", "-V"), options.words());
        assertEquals("a.yml", options.confFile());
        assertEquals(EnumSet.of(OptionName.TEST_CONF), options.flags());
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "11, 11", "12, 11", "99999999999999999999, 11", "007, 7"})
    void shouldClipTheLevel(String given, int taken) throws UsageException {
        assertEquals(taken, Options.parse("-v", given).verbose());
    }

    @ParameterizedTest
    @CsvSource({"-s, a number", "-v, a number", "-i, a number", "-m, a non-zero number", "-c, a file name",
        "-o, a file name", "-p, a file name", "-a, a string"})
    void shouldMissAValue(String option, String what) {
        refused("option " + option + " requires " + what, option);
        refused("option " + option + " requires " + what, "-t", option, "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-1", "3x", "512k", "+5", " 5"})
    void shouldRefuseWhatIsNoNumber(String text) {
        refused("option -s requires a number", "-s", text);
        refused("option -v requires a number", "--verbose=" + text);
        refused("option -i requires a number", "-i", text);
        refused("option -m requires a non-zero number", "-m", text);
    }

    @Test
    void shouldCheckPortAndSize() throws UsageException {
        refused("option -s value 65536 is not a valid port", "-s", "65536");
        refused("option -s value 99999999999 is not a valid port", "-s", "99999999999");
        refused("option -m requires a non-zero number", "-m", "0");
        refused("mbuf chunk size must be between 512 and 16777216 bytes", "-m", "511");
        refused("mbuf chunk size must be between 512 and 16777216 bytes", "-m", "16777217");
        assertEquals(65535, Options.parse("-s", "65535").statsPort());
        assertEquals(0, Options.parse("-s", "0").statsPort());
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow() {
        refused("invalid option -- 'z'", "-z");
        refused("invalid option -- 'z'", "-tz");
        refused("invalid option -- 'zoo'", "--zoo");
        refused("option --stats may be --stats-port or --stats-addr or --stats-interval", "--stats", "3");
        refused("option --ver may be --version or --verbose", "--ver");
        refused("option --help takes no value", "--help=yes");
        refused("option -r (--replace) needs -p: the pid file tells which process to take over from", "-r");
    }

    private static void refused(String why, String... args) {
        assertEquals(why, assertThrows(UsageException.class, () -> Options.parse(args)).getMessage());
    }
}
