package org.millrace.engine.top;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the process said at one moment: the JSON of its stats port. What is missing reads as 0, empty or false. */
public final class Sample {
    private static final String OWN = "millrace";

    private final long takenNs;
    private final Map<?, ?> root;

    /**
     * Of a JSON text that was read.
     *
     * @throws IllegalArgumentException if it is not what a stats port says
     */
    Sample(long takenNs, Object json) {
        this.takenNs = takenNs;
        root = json instanceof Map<?, ?> members ? members : Map.of();
        if (!root.containsKey("service")) {
            throw new IllegalArgumentException("not what a stats port says");
        }
    }

    /** When it was read, of the monotonic clock. */
    long takenNs() {
        return takenNs;
    }

    String text(String name) {
        return root.get(name) instanceof String text ? text : "";
    }

    long number(String name) {
        return numberOf(root.get(name));
    }

    /** Pools by name, in the order of the file. */
    Map<String, Map<?, ?>> pools() {
        return objects(root);
    }

    /** What twemproxy does not tell. */
    Map<?, ?> own() {
        return root.get(OWN) instanceof Map<?, ?> members ? members : Map.of();
    }

    /** Lanes by number. */
    List<?> lanes() {
        return own().get("lanes") instanceof List<?> lanes ? lanes : List.of();
    }

    /** A pool, or nothing. */
    Map<?, ?> pool(String name) {
        return root.get(name) instanceof Map<?, ?> pool ? pool : Map.of();
    }

    /** Members that are objects: the servers of a pool, by name. */
    static Map<String, Map<?, ?>> objects(Map<?, ?> parent) {
        Map<String, Map<?, ?>> objects = new LinkedHashMap<>();
        parent.forEach((name, value) -> {
            if (value instanceof Map<?, ?> members && !OWN.equals(name)) {
                objects.put((String) name, members);
            }
        });
        return objects;
    }

    /** A member of a member. */
    static long number(Map<?, ?> parent, String name) {
        return numberOf(parent.get(name));
    }

    /** A member that is an object. */
    static Map<?, ?> object(Map<?, ?> parent, String name) {
        return parent.get(name) instanceof Map<?, ?> members ? members : Map.of();
    }

    private static long numberOf(Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }
}
