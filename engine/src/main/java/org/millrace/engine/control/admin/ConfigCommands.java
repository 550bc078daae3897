package org.millrace.engine.control.admin;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.millrace.conf.ConfigException;
import org.millrace.conf.MillraceConfig;
import org.millrace.conf.PoolSettings;
import org.millrace.engine.control.EventLog;
import org.millrace.engine.control.Totals;
import org.millrace.engine.resp.ReplyText;
import org.millrace.routing.PoolTopology;

/** CONFIG GET and CONFIG SET: the directives of the pool of who asks. */
public final class ConfigCommands {
    /** Goes over to a configuration that is made of the present one, as a reload does. */
    @FunctionalInterface
    public interface Change {
        /**
         * Any thread but the control thread; waits for lanes.
         *
         * @return what has changed, a line each
         */
        List<String> make(UnaryOperator<MillraceConfig> next) throws IOException, InterruptedException;
    }

    private final Totals totals;
    private final Change change;
    private final EventLog log;
    private final AtomicBoolean changing = new AtomicBoolean();

    public ConfigCommands(Totals totals, Change change, EventLog log) {
        this.totals = totals;
        this.change = change;
        this.log = log;
    }

    /** Has them answered. */
    public void register(AdminCommands commands) {
        commands.put("config|get", PoolCommand.of(totals, this::get));
        commands.put("config|set", PoolCommand.of(totals, this::set));
    }

    private void get(AdminCall call, PoolTopology pool) {
        Map<String, String> found = new TreeMap<>();
        PoolSettings.of(pool.config()).forEach((name, value) -> {
            for (int i = 0; i < call.words(); i++) {
                if (Glob.matches(call.text(i).toLowerCase(Locale.ROOT), name)) {
                    found.put(name, value);
                }
            }
        });
        ReplyText text = new ReplyText().array(2 * found.size());
        found.forEach((name, value) -> text.bulk(name).bulk(value));
        call.reply(text);
    }

    private void set(AdminCall call, PoolTopology pool) {
        Map<String, String> changes = new LinkedHashMap<>();
        try {
            read(call, changes);
        } catch (BadWordException e) {
            call.error(e.getMessage());
            return;
        }
        if (!changing.compareAndSet(false, true)) {
            call.error("ERR another CONFIG SET is under way, try again when it is done");
            return;
        }
        // it waits for the lanes, and for the control thread itself
        Thread.ofVirtual().name("millrace-config-set").start(() -> {
            String error;
            try {
                error = make(call, pool.name(), changes);
            } finally {
                // before the answer: whoever has it may ask again
                changing.set(false);
            }
            if (error == null) {
                call.ok();
            } else {
                call.error(error);
            }
        });
    }

    private static void read(AdminCall call, Map<String, String> changes) throws BadWordException {
        if (call.words() % 2 != 0) {
            throw new BadWordException("ERR wrong number of arguments for 'config|set' command");
        }
        for (int i = 0; i < call.words(); i += 2) {
            String name = call.text(i).toLowerCase(Locale.ROOT);
            if (!PoolSettings.isKnown(name)) {
                throw new BadWordException("ERR Unknown option or number of arguments for CONFIG SET - '" + name + "'");
            }
            if (!PoolSettings.CHANGEABLE.contains(name)) {
                throw failed(name, "cannot be changed here: change it in the file, and have the process reload it");
            }
            if (changes.put(name, call.text(i + 1)) != null) {
                throw failed(name, "duplicate parameter");
            }
        }
    }

    private static BadWordException failed(String name, String why) {
        return new BadWordException("ERR CONFIG SET failed (possibly related to argument '" + name + "') - " + why);
    }

    /** Makes the changes; returns what is wrong, or null. */
    private String make(AdminCall call, String pool, Map<String, String> changes) {
        String first = changes.keySet().iterator().next();
        try {
            List<String> lines = change.make(before -> PoolSettings.with(before, pool, changes));
            lines.forEach(line -> log.info("CONFIG SET by client " + call.client() + ": " + line));
            return null;
        } catch (ConfigException e) {
            String path = e.errors().getFirst().keyPath();
            return failed(path.substring(path.indexOf('.') + 1), e.errors().getFirst().message()).getMessage();
        } catch (IOException e) {
            return failed(first, String.valueOf(e.getMessage())).getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(first, "the process stops").getMessage();
        } catch (RuntimeException e) {
            log.error("CONFIG SET", e);
            return failed(first, "the log of the proxy tells why").getMessage();
        }
    }
}
