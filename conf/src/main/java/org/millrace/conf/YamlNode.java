package org.millrace.conf;

import java.util.List;

/** A piece of the file with the place where it stands. Lines and columns count from 1. */
sealed interface YamlNode {
    int line();

    int column();

    /** A word or a quoted text; always text here: {@code "true"} and {@code true} are the same. */
    record Scalar(String text, int line, int column) implements YamlNode {
    }

    /** Keys with values, in file order, doubles included. */
    record Mapping(List<Entry> entries, boolean flow, int line, int column) implements YamlNode {
    }

    /** A list. */
    record Sequence(List<YamlNode> items, boolean flow, int line, int column) implements YamlNode {
    }

    /** Something that was refused and reported while reading the file: nothing more is to be said about it. */
    record Refused(int line, int column) implements YamlNode {
    }

    /** A key of a mapping with its value. */
    record Entry(Scalar key, YamlNode value) {
    }
}
