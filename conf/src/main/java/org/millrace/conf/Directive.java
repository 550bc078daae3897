package org.millrace.conf;

import java.util.function.BiConsumer;
import java.util.function.Function;
import org.millrace.conf.YamlNode.Mapping;
import org.millrace.conf.YamlNode.Scalar;

/**
 * One key that a section of the file may hold. The tables of these are the only place that knows a key's name, kind,
 * range and default: reading, the messages, the suggestions and the check of the shipped manual all follow from them.
 *
 * @param <B>         the draft that the section fills
 * @param name        the key
 * @param defaultText what holds when the key is absent, in words if {@code literal} is false; null if it is required
 * @param literal     the default text could stand in the file
 * @param allowed     what is allowed, in words
 * @param reader      checks the value and stores it
 */
record Directive<B>(String name, String defaultText, boolean literal, String allowed, NodeReader<B> reader) {
    /**
     * Checks a value and stores it in a draft, or reports what is wrong.
     *
     * @param <B> the draft
     */
    interface NodeReader<B> {
        void read(B draft, YamlNode value, String keyPath, Findings findings);
    }

    /** A single value whose default is written as in the file. */
    static <B, T> Directive<B> of(String name, ValueType<T> type, String defaultText, BiConsumer<B, T> setter) {
        return new Directive<>(name, defaultText, true, type.allowed(), scalar(type, setter));
    }

    /** A single value that stays what the draft begins with when it is absent; the default is told in words. */
    static <B, T> Directive<B> optional(String name, ValueType<T> type, String defaultWords, BiConsumer<B, T> setter) {
        return new Directive<>(name, defaultWords, false, type.allowed(), scalar(type, setter));
    }

    /** A single value that must be there. */
    static <B, T> Directive<B> required(String name, ValueType<T> type, BiConsumer<B, T> setter) {
        return new Directive<>(name, null, false, type.allowed(), scalar(type, setter));
    }

    /** A section within the section. */
    static <B, C> Directive<B> section(String name, DirectiveTable<C> table, Function<B, C> draft) {
        return new Directive<>(name, "each key its own", false, "a mapping", (outer, value, keyPath, findings) -> {
            if (value instanceof Mapping mapping) {
                table.read(mapping, draft.apply(outer), keyPath, findings);
            } else if (!isEmpty(value)) {
                findings.error(value, keyPath, "must be a mapping; write one 'key: value' a line, indented below it");
            }
        });
    }

    boolean isRequired() {
        return defaultText == null;
    }

    private static boolean isEmpty(YamlNode value) {
        return value instanceof Scalar scalar && scalar.text().isEmpty() || value instanceof YamlNode.Refused;
    }

    private static <B, T> NodeReader<B> scalar(ValueType<T> type, BiConsumer<B, T> setter) {
        return (draft, value, keyPath, findings) -> {
            if (value instanceof Scalar scalar && scalar.text().isEmpty()) {
                findings.error(value, keyPath, "has no value; allowed: " + type.allowed()
                    + " (a value that begins with # needs quotes)");
            } else if (value instanceof Scalar scalar) {
                try {
                    setter.accept(draft, type.parse(scalar.text()));
                } catch (final BadValueException e) {
                    findings.refuse(scalar, keyPath, e.getMessage(), "allowed: " + type.allowed()
                        + (e.hint() == null ? "" : " (" + e.hint() + ')'));
                }
            } else if (!(value instanceof YamlNode.Refused)) {
                findings.error(value, keyPath, "must be a single value, not a list or a mapping; allowed: "
                    + type.allowed() + " (a value that begins with [ or { needs quotes)");
            }
        };
    }
}
