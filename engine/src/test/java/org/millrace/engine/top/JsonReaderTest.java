package org.millrace.engine.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON as RFC 8259 has it, and what is none. */
class JsonReaderTest {
    @Test
    void shouldReadEveryKindOfValue() {
        assertEquals(Map.of("a", List.of(1L, -2.5, true, false, "x"), "b", Map.of(), "c", List.of()),
            JsonReader.read(" {\"a\" : [1, -2.5,true , false,\"x\"],\r\n\t\"b\":{}, \"c\":[ ] }\n"));
        assertNull(JsonReader.read("null"));
        assertEquals(1e3, JsonReader.read("1e3"));
        assertEquals(Long.MAX_VALUE, JsonReader.read("9223372036854775807"));
    }

    @Test
    void shouldReadEscapes() {
        assertEquals("\"\\/\b\f\n\r\tä\u0001", JsonReader.read("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00E4\\u0001\""));
    }

    @Test
    void shouldKeepTheOrderOfMembers() {
        Map<?, ?> members = (Map<?, ?>) JsonReader.read("{\"z\":1,\"a\":2,\"m\":3}");
        assertEquals("[z, a, m]", members.keySet().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[1", "[1,]", "[,1]", "{\"a\"}",
        "{\"a\":}", "{a:1}", "\"x", "\"\\x\"", "\"\\u12g4\"",
        "tru", "nul", "1 2", "--1", "{} x", "\"a\nb\"", "{\"a\":1 \"b\":2}"})
    void shouldRefuseWhatIsNone(String text) {
        assertThrows(IllegalArgumentException.class, () -> JsonReader.read(text));
    }

    @Test
    void shouldNameThePlace() {
        assertEquals("not JSON at character 7: ',' is missing",
            assertThrows(IllegalArgumentException.class, () -> JsonReader.read("{\"a\":1 \"b\":2}")).getMessage());
    }

    @Test
    void shouldLimitTheDepth() {
        String deep = String.join("", Collections.nCopies(64, "["));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> JsonReader.read(deep + "[")).getMessage()
            .contains("nested more than 64 deep"));
        assertEquals(1, ((List<?>) JsonReader.read(deep + "]".repeat(64))).size());
    }
}
