package org.millrace.conf;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.millrace.conf.YamlNode.Entry;
import org.millrace.conf.YamlNode.Mapping;
import org.millrace.conf.YamlNode.Scalar;

/**
 * The keys of one kind of section.
 *
 * @param <B> the draft that such a section fills
 */
final class DirectiveTable<B> {
    private final Map<String, Directive<B>> byName = new LinkedHashMap<>();
    private final Map<String, String> elsewhere = new HashMap<>();

    DirectiveTable(List<Directive<B>> directives) {
        directives.forEach(directive -> {
            if (byName.put(directive.name(), directive) != null) {
                throw new IllegalArgumentException("two directives named " + directive.name());
            }
        });
    }

    /** In the order of the table. */
    Collection<Directive<B>> directives() {
        return byName.values();
    }

    /** Lets an unknown key that another kind of section knows be answered with its place. */
    DirectiveTable<B> hint(Collection<String> keys, String place) {
        keys.forEach(key -> elsewhere.putIfAbsent(key, place));
        return this;
    }

    Collection<String> names() {
        return byName.keySet();
    }

    /** Puts every default that can be written in a file into a draft. */
    void applyDefaults(B draft) {
        final Findings findings = new Findings("defaults");
        for (final Directive<B> directive : byName.values()) {
            if (directive.literal()) {
                directive.reader().read(draft, new Scalar(directive.defaultText(), 0, 0), directive.name(), findings);
            }
        }
        if (!findings.isClean()) {
            throw new IllegalStateException(findings.exception());
        }
    }

    /**
     * Reads a section into a draft that holds the defaults. Whatever is wrong is reported, and the default stays.
     *
     * @return the values that were given, by key
     */
    Map<String, YamlNode> read(Mapping section, B draft, String path, Findings findings) {
        final Map<String, Scalar> keys = new HashMap<>();
        final Map<String, YamlNode> given = new LinkedHashMap<>();
        for (final Entry entry : section.entries()) {
            final Scalar key = entry.key();
            final String keyPath = path + '.' + key.text();
            final Directive<B> directive = byName.get(key.text());
            final Scalar first = keys.putIfAbsent(key.text(), key);
            if (first != null) {
                findings.error(key, keyPath, "is a duplicate: it stands on line " + first.line()
                    + " already; remove one");
            } else if (directive == null) {
                findings.error(key.line(), key.column(), keyPath, key.text(),
                    "unknown directive; " + remedy(key.text()));
            } else {
                given.put(key.text(), entry.value());
                directive.reader().read(draft, entry.value(), keyPath, findings);
            }
        }
        for (final Directive<B> directive : byName.values()) {
            if (directive.isRequired() && !keys.containsKey(directive.name())) {
                findings.error(section, path + '.' + directive.name(), "is missing; add '" + directive.name()
                    + ":' with " + directive.allowed());
            }
        }
        return given;
    }

    private String remedy(String key) {
        final String place = elsewhere.get(key);
        if (place != null) {
            return "it belongs " + place;
        }
        final String near = Texts.nearest(key, byName.keySet());
        return near != null ? "did you mean " + near + '?' : "known ones: " + String.join(" ", byName.keySet());
    }
}
