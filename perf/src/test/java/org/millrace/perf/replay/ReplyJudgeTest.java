package org.millrace.perf.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When two replies are the same. */
class ReplyJudgeTest {
    private final ReplyJudge judge = new ReplyJudge();

    private boolean isSame(boolean memcached, Treatment treatment, String before, String now, boolean byShape) {
        Recorded request = new Recorded(new Talk(1, memcached, null), new byte[1], 0);
        request.treatment = treatment;
        request.reply = wire(before);
        byte[] bytes = wire("ahead " + now);
        return judge.isSame(request, bytes, 6, bytes.length, byShape);
    }

    private static byte[] wire(String text) {
        return text.replace("|", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "COMPARED,  $1|a|,            $1|a|,            true",
        "COMPARED,  $1|a|,            $1|b|,            false",
        "COMPARED,  *2|$1|a|$1|b|,    *2|$1|b|$1|a|,    false",
        "UNORDERED, *2|$1|a|$1|b|,    *2|$1|b|$1|a|,    true",
        "UNORDERED, *2|$1|a|$1|b|,    *2|$1|b|$1|b|,    false",
        "UNORDERED, *0|,              *1|$1|b|,         false",
        "UNORDERED, -ERR x|,          -ERR y|,          false"})
    void shouldCompareBytesOrSets(Treatment treatment, String before, String now, boolean same) {
        assertEquals(same, isSame(false, treatment, before, now, false));
    }

    @ParameterizedTest
    @CsvSource({
        "$3|xxx|,            $5|hello|,         true",
        "$3|xxx|,            $-1|,              false",
        "*2|$1|x|$-1|,       *2|$3|abc|$-1|,    true",
        "*2|$1|x|$-1|,       *2|$3|abc|$1|y|,   false",
        "*2|$1|x|$-1|,       *3|$1|a|$-1|:1|,   false",
        ":1|,                :42|,              true",
        ":1|,                +OK|,              false",
        "-ERR one|,          -ERR two|,         true",
        "-ERR one|,          -WRONGTYPE two|,   false"})
    void shouldCompareShapesOfResp(String before, String now, boolean same) {
        assertEquals(same, isSame(false, Treatment.COMPARED, before, now, true));
    }

    @ParameterizedTest
    @CsvSource({
        "VALUE k 0 3|xxx|END|,   VALUE k 0 6|END|a|END|,   true",
        "VALUE k 0 3|xxx|END|,   END|,                     false",
        "STORED|,                NOT_STORED|,              false",
        "1|,                     222|,                     true",
        "VA 2|xx|,               VA 1|y|,                  true",
        "VA 2|xx|,               EN|,                      false"})
    void shouldCompareShapesOfMemcached(String before, String now, boolean same) {
        assertEquals(same, isSame(true, Treatment.COMPARED, before, now, true));
    }
}
