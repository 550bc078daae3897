package org.millrace.conf;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.millrace.conf.YamlNode.Entry;
import org.millrace.conf.YamlNode.Mapping;
import org.millrace.conf.YamlNode.Refused;
import org.millrace.conf.YamlNode.Scalar;
import org.millrace.conf.YamlNode.Sequence;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * Turns the text of a file into {@link YamlNode}s. It works on parser events, below the level at which YAML makes
 * objects of tags, guesses types or repeats what an alias stands for, so that each scalar stays the text that was typed
 * and an alias can be refused at its own place. Depth and length are limited.
 */
final class YamlTree {
    /** Longest file. A pool of 100 servers takes about 3 KB. */
    static final int MAX_CODE_POINTS = 8 << 20;
    /** Deepest nesting: a document holds sections, which hold sub-sections, which hold lists. */
    static final int MAX_DEPTH = 8;

    private final Findings findings;
    private Iterator<Event> events;

    private YamlTree(Findings findings) {
        this.findings = findings;
    }

    /** The document's root; null if the file is empty or cannot be read as YAML, which is then reported. */
    static YamlNode parse(String text, Findings findings) {
        return new YamlTree(findings).document(text);
    }

    private YamlNode document(String text) {
        if (text.length() > MAX_CODE_POINTS) {
            findings.error(0, 0, "", null, "the file is longer than " + MAX_CODE_POINTS + " characters; split it");
            return null;
        }
        final LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CODE_POINTS);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setMaxAliasesForCollections(0);
        options.setAllowDuplicateKeys(false);
        try {
            events = new Yaml(new SafeConstructor(options)).parse(new StringReader(text)).iterator();
            return documents();
        } catch (final TooDeepException e) {
            return null;
        } catch (final ReaderException e) {
            final int[] place = place(text, e.getPosition());
            findings.error(place[0], place[1], "", null, String.format(
                "the character U+%04X is not allowed in YAML; write the file as plain UTF-8 text", e.getCodePoint()));
        } catch (final MarkedYAMLException e) {
            final Mark mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
            findings.error(mark == null ? 0 : mark.getLine() + 1, mark == null ? 0 : mark.getColumn() + 1, "", null,
                "the YAML is broken: " + problem(e) + "; " + remedy(e));
        } catch (final YAMLException e) {
            findings.error(0, 0, "", null, "the YAML is broken: " + Texts.oneLine(e.getMessage()));
        }
        return null;
    }

    private YamlNode documents() {
        YamlNode root = null;
        int documents = 0;
        while (events.hasNext()) {
            final Event event = events.next();
            if (event instanceof DocumentStartEvent start) {
                documents++;
                if (documents == 2) {
                    refuse(event, "a second document begins here; a configuration is one document: remove this ---");
                }
                if (start.getVersion() != null || start.getTags() != null && !start.getTags().isEmpty()) {
                    refuse(event, "lines that begin with % are not allowed; remove them");
                }
            } else if (event instanceof NodeEvent) {
                final YamlNode node = node(event, 1);
                root = documents > 1 ? root : node;
            }
        }
        return root;
    }

    private YamlNode node(Event event, int depth) {
        final int line = event.getStartMark().getLine() + 1;
        final int column = event.getStartMark().getColumn() + 1;
        if (event instanceof AliasEvent) {
            refuse(event, "an alias is not allowed; write the value out, or quote it if it is meant to begin with *");
            return new Refused(line, column);
        }
        final boolean plain = hasNoProperties((NodeEvent) event);
        if (event instanceof ScalarEvent scalar) {
            return !plain ? new Refused(line, column) : new Scalar(scalar.getValue(), line, column);
        }
        final boolean flow = ((CollectionStartEvent) event).isFlow();
        if (depth > MAX_DEPTH) {
            refuse(event, "nested deeper than " + MAX_DEPTH + " levels; nothing needs that: check the indentation");
            throw new TooDeepException();
        }
        return event.is(Event.ID.MappingStart)
            ? new Mapping(entries(depth), flow, line, column) : new Sequence(items(depth), flow, line, column);
    }

    private List<Entry> entries(int depth) {
        final List<Entry> entries = new ArrayList<>();
        for (Event event = events.next(); !event.is(Event.ID.MappingEnd); event = events.next()) {
            final YamlNode key = node(event, depth + 1);
            final YamlNode value = node(events.next(), depth + 1);
            if (key instanceof Scalar scalar) {
                entries.add(new Entry(scalar, value));
            } else if (!(key instanceof Refused)) {
                refuse(event, "a key must be a single word, not a list or a mapping");
            }
        }
        return entries;
    }

    private List<YamlNode> items(int depth) {
        final List<YamlNode> items = new ArrayList<>();
        for (Event event = events.next(); !event.is(Event.ID.SequenceEnd); event = events.next()) {
            items.add(node(event, depth + 1));
        }
        return items;
    }

    /**
     * Reports an anchor or a tag, and not its name, which may be a password without quotes; what is inside an anchored
     * collection is read all the same.
     */
    private boolean hasNoProperties(NodeEvent event) {
        if (event.getAnchor() != null) {
            refuse(event, "an anchor is not allowed; write the value out where it is needed, or quote it if it is "
                + "meant to begin with &");
        }
        final String tag =
            event instanceof ScalarEvent scalar ? scalar.getTag() : ((CollectionStartEvent) event).getTag();
        if (tag != null) {
            refuse(event, "a tag is not allowed; remove it, or quote the value if it is meant to begin with !");
        }
        return event.getAnchor() == null && tag == null;
    }

    private void refuse(Event event, String message) {
        findings.error(event.getStartMark().getLine() + 1, event.getStartMark().getColumn() + 1, "", null, message);
    }

    private static String problem(MarkedYAMLException e) {
        final String context = e.getContext() == null ? "" : e.getContext() + ": ";
        return Texts.oneLine(context + e.getProblem());
    }

    private static String remedy(MarkedYAMLException e) {
        return String.valueOf(e.getProblem()).contains("TAB")
            ? "indent with spaces, not with tabs"
            : "check indentation, quotes and the space after each colon on this line and the one before; quote a value "
                + "that holds ': ', ' #' or begins with one of []{}*&!%@`";
    }

    /** Line and column, from 1, of the character with this index. */
    private static int[] place(String text, int position) {
        int line = 1;
        int column = 1;
        int at = 0;
        for (int i = 0; i < position && at < text.length(); i++) {
            final int codePoint = text.codePointAt(at);
            at += Character.charCount(codePoint);
            column++;
            if (codePoint == '\n') {
                line++;
                column = 1;
            }
        }
        return new int[] {line, column};
    }

    /** Ends the reading of a file that is nested too deep, which was reported: to read on takes quadratic time. */
    private static final class TooDeepException extends YAMLException {
        private static final long serialVersionUID = 1L;

        TooDeepException() {
            super("too deep");
        }
    }
}
