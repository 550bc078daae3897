package org.millrace.routing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Recorded results of twemproxy's own functions, as JSON (which is YAML too). */
public final class Vectors {
    private Vectors() {
    }

    /** Reads one of the recordings, {@code hash} or {@code distribution}. */
    public static Map<?, ?> read(String name) {
        String resource = "/vectors/" + name + ".json.gz";
        try (InputStream packed = Objects.requireNonNull(Vectors.class.getResourceAsStream(resource), resource);
            InputStream json = new GZIPInputStream(packed)) {
            return (Map<?, ?>) new Yaml(new SafeConstructor(new LoaderOptions())).load(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A list in a recording. */
    public static List<?> list(Map<?, ?> map, String key) {
        return (List<?>) Objects.requireNonNull(map.get(key), key);
    }

    /** A number in a recording. */
    public static long number(Object value) {
        return ((Number) value).longValue();
    }
}
