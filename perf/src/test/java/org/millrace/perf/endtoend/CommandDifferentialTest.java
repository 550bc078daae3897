package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.codec.resp.command.Command;
import org.millrace.codec.resp.command.CommandTable;
import org.millrace.codec.resp.command.Treatment;
import org.millrace.perf.endtoend.Samples.Sample;
import org.millrace.perf.server.LocalRedis;

/** The proxy in front of one Redis answers each forwarded command as another Redis does, byte for byte. */
@Timeout(60)
class CommandDifferentialTest {
    private static final String WRONG_TYPE = "wrong-type";
    private static final String LIBRARY = "#!lua name=lib\n"
        + "redis.register_function{function_name='echo', callback=function(k, a) return {k[1], a[1]} end, "
        + "flags={'no-writes'}}";

    private static ProxyKit kit;
    private static LocalRedis reference;
    private static List<Sample> samples;

    private RawClient proxy;
    private RawClient direct;

    @BeforeAll
    static void start() throws IOException {
        samples = Samples.read("command-samples.txt");
        reference = LocalRedis.start();
        kit = ProxyKit.with(LaneKind.FUSED).servers(1).start();
    }

    @AfterAll
    static void stop() throws IOException {
        kit.close();
        reference.close();
    }

    @BeforeEach
    void connect() throws IOException {
        for (LocalRedis server : List.of(reference, kit.server(0))) {
            server.call("FLUSHALL");
            server.call("SCRIPT", "FLUSH");
            server.call("FUNCTION", "LOAD", "REPLACE", LIBRARY);
        }
        proxy = kit.client();
        direct = new RawClient(reference.port());
    }

    @AfterEach
    void leaveNothing() throws IOException {
        direct.close();
        kit.assertQuiet();
    }

    @Test
    void shouldHaveASampleOfEachForwardedCommandThatTheServerKnows() throws IOException {
        Set<String> known = List.of(Resp.text(direct.call(Resp.request("COMMAND", "LIST"))).split("\r\n")).stream()
            .filter(line -> !line.startsWith("$")).collect(Collectors.toSet());
        Set<String> missing = new TreeSet<>();
        for (Command command : CommandTable.standard().commands()) {
            missing.addAll(missing(command, known));
            command.subcommands().forEach(sub -> missing.addAll(missing(sub, known)));
        }
        assertEquals(Set.of(), missing);
    }

    private static Set<String> missing(Command command, Set<String> known) {
        String[] name = command.name().toLowerCase(Locale.ROOT).split("\\|");
        boolean forwarded = command.treatment() == Treatment.FORWARD || command.treatment() == Treatment.SCATTER;
        boolean sampled = samples.stream().anyMatch(sample -> sample.command().equals(name[0])
            && (name.length == 1 || sample.words().size() > 1 && sample.words().get(1).equalsIgnoreCase(name[1])));
        return forwarded && known.contains(name[0]) && !sampled ? Set.of(command.name()) : Set.of();
    }

    @Test
    void shouldAnswerAsRedisDoes() throws IOException {
        List<String> differences = new ArrayList<>();
        for (Sample sample : samples) {
            compare(sample, differences);
        }
        assertEquals(List.of(), differences);
    }

    @Test
    void shouldAnswerAsRedisDoesInOnePipeline() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        samples.forEach(sample -> all.writeBytes(sample.request()));
        List<byte[]> expected = direct.pipeline(all.toByteArray(), samples.size());
        List<byte[]> actual = proxy.pipeline(all.toByteArray(), samples.size());
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            compare(samples.get(i), expected.get(i), actual.get(i), differences);
        }
        assertEquals(List.of(), differences);
    }

    @Test
    void shouldAnswerAsRedisDoesWhenAWordTooManyIsThere() throws IOException {
        List<String> differences = new ArrayList<>();
        for (Sample sample : samples) {
            compare(sample.with("77"), differences);
        }
        assertEquals(List.of(), differences);
    }

    @Test
    void shouldAnswerAsRedisDoesWhenTheKeyHoldsAnotherType() throws IOException {
        List<String> differences = new ArrayList<>();
        int wrongTypes = 0;
        for (Sample sample : samples) {
            Command command = CommandTable.standard().byName(sample.command());
            int key = command.keySpec().first();
            if (!command.isSingleFirstKey() || key < 1 || key >= sample.words().size()) {
                continue;
            }
            boolean strings = Set.of("string", "bitmap", "hyperloglog").contains(command.group());
            for (RawClient client : List.of(proxy, direct)) {
                client.call("DEL", WRONG_TYPE);
                client.call(strings ? "LPUSH" : "SET", WRONG_TYPE, "x");
            }
            compare(sample.with(key, WRONG_TYPE), differences);
            wrongTypes++;
        }
        assertEquals(List.of(), differences);
        assertTrue(wrongTypes > 200, () -> "too few samples with one key");
    }

    private void compare(Sample sample, List<String> differences) throws IOException {
        byte[] request = sample.request();
        compare(sample, direct.call(request), proxy.call(request), differences);
    }

    private static void compare(Sample sample, byte[] expected, byte[] actual, List<String> differences) {
        String wanted = sample.formOnly() ? form(expected) : Resp.show(expected);
        String got = sample.formOnly() ? form(actual) : Resp.show(actual);
        if (!wanted.equals(got)) {
            differences.add("\n" + sample + "\n  redis " + wanted + "\n  proxy " + got);
        }
    }

    /** The reply without its values: types and numbers of elements. */
    private static String form(byte[] reply) {
        StringBuilder form = new StringBuilder();
        String text = Resp.text(reply);
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf("\r\n", at) + 2;
            char type = text.charAt(at);
            form.append(type == '*' || type == '-' ? Resp.show(Resp.bytes(text.substring(at, end))) : type);
            if (type == '$' && text.charAt(at + 1) != '-') {
                end += Integer.parseInt(text.substring(at + 1, end - 2)) + 2;
            }
            at = end;
        }
        return form.toString();
    }
}
