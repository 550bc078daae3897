package org.millrace.conf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.millrace.conf.YamlNode.Entry;
import org.millrace.conf.YamlNode.Mapping;
import org.millrace.conf.YamlNode.Refused;
import org.millrace.conf.YamlNode.Scalar;

/**
 * Reads a configuration file: pools as in twemproxy's nutcracker.yml and, under the reserved key {@code millrace:},
 * Millrace's own settings. Reports everything that is wrong at once. Opens nothing but the file: no name is resolved,
 * no address tried. Any thread may call it; it keeps nothing.
 */
public final class ConfigReader {
    /** By the length of the name, then bytewise: the order of twemproxy, which its stats show. */
    private static final Comparator<PoolConfig> POOL_ORDER = Comparator
        .comparing((PoolConfig pool) -> bytes(pool.name()), Comparator.comparingInt((byte[] name) -> name.length)
        .thenComparing(Arrays::compareUnsigned));

    private ConfigReader() {
    }

    /**
     * Reads a file, which must be UTF-8.
     *
     * @throws ConfigException if it cannot be opened or is not valid
     */
    public static MillraceConfig read(Path file) {
        final Findings findings = new Findings(file.toString());
        try {
            if (Files.size(file) > 4L * YamlTree.MAX_CODE_POINTS) {
                findings.error(0, 0, "", null, "the file is too long; this cannot be a configuration");
                throw findings.exception();
            }
            return read(decode(Files.readAllBytes(file), findings), findings);
        } catch (final NoSuchFileException e) {
            findings.error(0, 0, "", null, "cannot be opened: there is no such file");
        } catch (final AccessDeniedException e) {
            findings.error(0, 0, "", null, "cannot be opened: permission denied");
        } catch (final IOException e) {
            findings.error(0, 0, "", null, "cannot be read: " + Texts.oneLine(e.getMessage()));
        }
        throw findings.exception();
    }

    /**
     * Reads a file's text.
     *
     * @param fileName for messages
     * @throws ConfigException if it is not valid
     */
    public static MillraceConfig read(String fileName, String text) {
        return read(text, new Findings(fileName));
    }

    private static MillraceConfig read(String text, Findings findings) {
        final YamlNode root = YamlTree.parse(text.startsWith("\uFEFF") ? text.substring(1) : text, findings);
        final List<PoolDraft> pools = new ArrayList<>();
        EngineConfig engine = EngineConfig.defaults();
        if (root instanceof Mapping mapping && !mapping.flow()) {
            engine = top(mapping, pools, findings);
        } else if (root != null && !(root instanceof Refused)) {
            findings.error(root, "", "a configuration is a mapping of pool names, one 'name:' a line, with the "
                + "directives of the pool indented below it");
        } else if (findings.isClean()) {
            findings.error(1, 1, "", null, "the file is empty; write at least one pool");
        }
        checkListen(pools, findings);
        if (!findings.isClean()) {
            throw findings.exception();
        }
        return new MillraceConfig(findings.file(), engine,
            pools.stream().map(PoolDraft::build).sorted(POOL_ORDER).toList(), findings.warnings());
    }

    /** Reads the engine's section first, wherever it stands: pools take their defaults from it. */
    private static EngineConfig top(Mapping root, List<PoolDraft> pools, Findings findings) {
        EngineConfig engine = EngineConfig.defaults();
        final Map<String, Scalar> names = new HashMap<>();
        final List<Entry> poolEntries = new ArrayList<>();
        for (final Entry entry : root.entries()) {
            final Scalar key = entry.key();
            final Scalar first = names.putIfAbsent(key.text(), key);
            if (first != null) {
                findings.error(key, key.text(), "is a duplicate: it stands on line " + first.line()
                    + " already; rename or remove one");
            }
            if (!EngineDirectives.SECTION.equals(key.text())) {
                poolEntries.add(entry);
            } else if (first == null) {
                engine = EngineReader.read(entry, findings);
            }
        }
        for (final Entry entry : poolEntries) {
            final PoolDraft pool = PoolReader.read(entry, engine.limits(), findings);
            if (pool != null) {
                pools.add(pool);
                checkCapture(pool, engine.capture(), findings);
            }
        }
        if (poolEntries.isEmpty()) {
            findings.error(root, "", "the file has no pool; write at least one");
        }
        return engine;
    }

    private static void checkCapture(PoolDraft pool, CaptureConfig capture, Findings findings) {
        if (pool.captured && capture.dir() == null) {
            findings.refuse(pool.capturedAt, pool.name + ".capture", "needs a folder to write to", "name one with "
                + "'dir:' in the section capture: under millrace:, or start with 'millrace capture --to DIR' instead");
        }
    }

    private static void checkListen(List<PoolDraft> pools, Findings findings) {
        final Map<String, PoolDraft> listeners = new HashMap<>();
        for (final PoolDraft pool : pools) {
            final PoolDraft first = pool.listen == null ? null : listeners.putIfAbsent(pool.listen.toString(), pool);
            if (first != null) {
                findings.refuse(pool.listenAt, pool.name + ".listen", "is where pool " + Texts.quote(first.name)
                    + " on line " + first.at.line() + " listens already", "give each pool its own address");
            }
        }
    }

    private static String decode(byte[] bytes, Findings findings) {
        final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT);
        final ByteBuffer in = ByteBuffer.wrap(bytes);
        final CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        if (decoder.decode(in, out, true).isError()) {
            final String before = out.flip().toString();
            final int lineStart = before.lastIndexOf('\n') + 1;
            findings.error((int) before.chars().filter(c -> c == '\n').count() + 1, before.length() - lineStart + 1, "",
                null, String.format("the byte 0x%02x is not UTF-8; save the file as UTF-8",
                bytes[in.position()] & 0xff));
            throw findings.exception();
        }
        return out.flip().toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
