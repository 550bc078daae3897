package org.millrace.perf.check;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.millrace.perf.client.RequestWriter;
import org.millrace.perf.load.Mixer;
import org.millrace.perf.load.ValuePattern;

/**
 * Writes random requests of one connection, keeps its {@link KeySpace} in step and says what each must return. Every
 * second write of a string is followed at once by a read of the same key in the same pipeline.
 */
final class RequestSource {
    private static final int MAX_LIST = 48;
    private static final int MAX_FIELDS = 12;
    private static final int MAX_APPENDED = 96 * 1024;
    private static final String SCRIPT = "return redis.call('get',KEYS[1])";

    private final Mixer random;
    private final KeySpace keys;
    private final int maxValueSize;
    private final CheckCommand[] drawn;
    private int followUp = -1;
    private long version;

    RequestSource(CheckConfig config, int connection) {
        random = new Mixer(Mixer.mix(config.seed()) + connection);
        keys = new KeySpace(config.seed(), connection);
        maxValueSize = config.maxValueSize();
        List<CheckCommand> weighted = new ArrayList<>();
        for (CheckCommand command : CheckCommand.values()) {
            for (int i = 0; i < command.weight() && !config.skip().contains(command); i++) {
                weighted.add(command);
            }
        }
        drawn = weighted.toArray(CheckCommand[]::new);
    }

    Mixer random() {
        return random;
    }

    /** Removes all keys that an earlier run may have left; any count is right. */
    Expected clear(RequestWriter out) {
        deleteAll(out);
        return Expected.integer("DEL of all keys", null);
    }

    /** Removes all keys at the end; the count must be the model's. */
    Expected tidy(RequestWriter out) {
        deleteAll(out);
        return Expected.integer("DEL of all keys", keys.present());
    }

    private void deleteAll(RequestWriter out) {
        List<byte[]> all = keys.allKeys();
        out.array(1 + all.size()).bulk("DEL");
        all.forEach(out::bulk);
    }

    /** Writes one request. */
    Expected next(RequestWriter out) {
        if (followUp >= 0) {
            int key = followUp;
            followUp = -1;
            return read(out, key);
        }
        CheckCommand command = drawn[random.nextInt(drawn.length)];
        int key = random.nextInt(KeySpace.STRINGS);
        Expected expected = switch (command) {
            case SET -> set(out, key);
            case GET -> get(out, key);
            case GETSET -> getSet(out, key);
            case APPEND -> append(out, key);
            case STRLEN -> strlen(out, key);
            case MGET -> mget(out);
            case MSET -> mset(out);
            case DEL -> del(out);
            case EXISTS -> exists(out);
            case INCR -> incr(out, random.nextInt(KeySpace.COUNTERS));
            case INCR_TEXT -> incrText(out, key);
            case LPUSH -> push(out, random.nextInt(KeySpace.LISTS));
            case LRANGE -> range(out, random.nextInt(KeySpace.LISTS));
            case LPUSH_TEXT -> pushText(out, key);
            case HSET -> hset(out, random.nextInt(KeySpace.HASHES));
            case HGETALL -> hgetall(out, random.nextInt(KeySpace.HASHES));
            case PING -> ping(out);
            case ECHO -> echo(out);
            case EVAL -> eval(out, key);
        };
        boolean wrote = command == CheckCommand.SET || command == CheckCommand.APPEND || command == CheckCommand.GETSET;
        if (wrote && random.chance(1, 2)) {
            followUp = key;
        }
        return expected;
    }

    private Expected read(RequestWriter out, int key) {
        return random.chance(1, 4) ? strlen(out, key) : get(out, key);
    }

    private Expected set(RequestWriter out, int key) {
        byte[] value = value(key);
        keys.string(key, value);
        out.array(3).bulk("SET").bulk(keys.stringKey(key)).bulk(value);
        return Expected.line(name("SET", keys.stringKey(key)), "+OK");
    }

    private Expected get(RequestWriter out, int key) {
        out.array(2).bulk("GET").bulk(keys.stringKey(key));
        return Expected.bulk(name("GET", keys.stringKey(key)), keys.string(key));
    }

    private Expected getSet(RequestWriter out, int key) {
        byte[] old = keys.string(key);
        byte[] value = value(key);
        keys.string(key, value);
        out.array(3).bulk("GETSET").bulk(keys.stringKey(key)).bulk(value);
        return Expected.bulk(name("GETSET", keys.stringKey(key)), old);
    }

    private Expected append(RequestWriter out, int key) {
        byte[] old = keys.string(key);
        if (old != null && old.length > MAX_APPENDED) {
            return set(out, key);
        }
        byte[] more = value(key);
        byte[] whole = old == null ? more : Arrays.copyOf(old, old.length + more.length);
        if (old != null) {
            System.arraycopy(more, 0, whole, old.length, more.length);
        }
        keys.string(key, whole);
        out.array(3).bulk("APPEND").bulk(keys.stringKey(key)).bulk(more);
        return Expected.integer(name("APPEND", keys.stringKey(key)), (long) whole.length);
    }

    private Expected strlen(RequestWriter out, int key) {
        out.array(2).bulk("STRLEN").bulk(keys.stringKey(key));
        byte[] value = keys.string(key);
        return Expected.integer(name("STRLEN", keys.stringKey(key)), value == null ? 0L : value.length);
    }

    private Expected mget(RequestWriter out) {
        int count = random.between(1, 20);
        out.array(1 + count).bulk("MGET");
        List<byte[]> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int key = random.nextInt(KeySpace.STRINGS);
            out.bulk(keys.stringKey(key));
            values.add(keys.string(key));
        }
        return Expected.array("MGET of " + count + " keys", values);
    }

    private Expected mset(RequestWriter out) {
        int count = random.between(1, 10);
        out.array(1 + 2 * count).bulk("MSET");
        for (int i = 0; i < count; i++) {
            int key = random.nextInt(KeySpace.STRINGS);
            byte[] value = value(key);
            keys.string(key, value);
            out.bulk(keys.stringKey(key)).bulk(value);
            followUp = key;
        }
        return Expected.line("MSET of " + count + " keys", "+OK");
    }

    private Expected del(RequestWriter out) {
        int count = random.between(1, 5);
        out.array(1 + count).bulk("DEL");
        long removed = 0;
        for (int i = 0; i < count; i++) {
            int key = random.nextInt(KeySpace.STRINGS);
            removed += keys.string(key) == null ? 0 : 1;
            keys.string(key, null);
            out.bulk(keys.stringKey(key));
            followUp = key;
        }
        return Expected.integer("DEL of " + count + " keys", removed);
    }

    private Expected exists(RequestWriter out) {
        int count = random.between(1, 8);
        out.array(1 + count).bulk("EXISTS");
        long present = 0;
        for (int i = 0; i < count; i++) {
            int key = random.nextInt(KeySpace.STRINGS);
            present += keys.string(key) == null ? 0 : 1;
            out.bulk(keys.stringKey(key));
        }
        return Expected.integer("EXISTS of " + count + " keys", present);
    }

    private Expected incr(RequestWriter out, int key) {
        out.array(2).bulk("INCR").bulk(keys.counterKey(key));
        return Expected.integer(name("INCR", keys.counterKey(key)), keys.increment(key));
    }

    private Expected incrText(RequestWriter out, int key) {
        byte[] value = keys.string(key);
        if (value == null || value.length < ValuePattern.HEADER_LENGTH) {
            return get(out, key);
        }
        out.array(2).bulk("INCR").bulk(keys.stringKey(key));
        return Expected.line(name("INCR", keys.stringKey(key)), "-ERR value is not an integer or out of range");
    }

    private Expected push(RequestWriter out, int key) {
        List<byte[]> list = keys.list(key);
        if (list.size() >= MAX_LIST) {
            list.clear();
            out.array(2).bulk("DEL").bulk(keys.listKey(key));
            return Expected.integer(name("DEL", keys.listKey(key)), 1L);
        }
        byte[] element = smallValue(key);
        list.addFirst(element);
        out.array(3).bulk("LPUSH").bulk(keys.listKey(key)).bulk(element);
        return Expected.integer(name("LPUSH", keys.listKey(key)), (long) list.size());
    }

    private Expected range(RequestWriter out, int key) {
        List<byte[]> list = keys.list(key);
        int from = random.between(0, MAX_LIST / 2);
        int to = random.chance(1, 2) ? Integer.MAX_VALUE - 1 : from + random.nextInt(MAX_LIST);
        out.array(4).bulk("LRANGE").bulk(keys.listKey(key)).bulk(from).bulk(to);
        List<byte[]> part = from >= list.size() ? List.of() : list.subList(from, Math.min(list.size(), to + 1));
        return Expected.array(name("LRANGE", keys.listKey(key)), List.copyOf(part));
    }

    private Expected pushText(RequestWriter out, int key) {
        if (keys.string(key) == null) {
            return get(out, key);
        }
        out.array(3).bulk("LPUSH").bulk(keys.stringKey(key)).bulk("x");
        return Expected.line(name("LPUSH", keys.stringKey(key)),
            "-WRONGTYPE Operation against a key holding the wrong kind of value");
    }

    private Expected hset(RequestWriter out, int key) {
        Map<String, byte[]> hash = keys.hash(key);
        String field = "field" + random.nextInt(MAX_FIELDS);
        byte[] value = smallValue(key);
        boolean isNew = hash.put(field, value) == null;
        out.array(4).bulk("HSET").bulk(keys.hashKey(key)).bulk(field).bulk(value);
        return Expected.integer(name("HSET", keys.hashKey(key)), isNew ? 1L : 0L);
    }

    private Expected hgetall(RequestWriter out, int key) {
        out.array(2).bulk("HGETALL").bulk(keys.hashKey(key));
        List<byte[]> pairs = new ArrayList<>();
        keys.hash(key).forEach((field, value) -> {
            pairs.add(field.getBytes(StandardCharsets.US_ASCII));
            pairs.add(value);
        });
        return Expected.pairs(name("HGETALL", keys.hashKey(key)), pairs);
    }

    private Expected ping(RequestWriter out) {
        if (random.chance(1, 2)) {
            out.array(1).bulk("PING");
            return Expected.line("PING", "+PONG");
        }
        byte[] message = smallValue(0);
        out.array(2).bulk("PING").bulk(message);
        return Expected.bulk("PING with a message", message);
    }

    private Expected echo(RequestWriter out) {
        byte[] message = smallValue(0);
        out.array(2).bulk("ECHO").bulk(message);
        return Expected.bulk("ECHO", message);
    }

    private Expected eval(RequestWriter out, int key) {
        out.array(4).bulk("EVAL").bulk(SCRIPT).bulk(1).bulk(keys.stringKey(key));
        return Expected.bulk(name("EVAL", keys.stringKey(key)), keys.string(key));
    }

    private byte[] value(int key) {
        int dice = random.nextInt(10_000);
        int size;
        if (dice < 2_500) {
            size = random.between(0, 16);
        } else if (dice < 8_000) {
            size = random.between(17, 512);
        } else if (dice < 9_700) {
            size = random.between(513, 4096);
        } else if (dice < 9_996) {
            size = random.between(4097, 64 * 1024);
        } else {
            size = maxValueSize;
        }
        return bytes(key, Math.min(size, maxValueSize));
    }

    private byte[] smallValue(int key) {
        return bytes(key, random.nextInt(128));
    }

    private byte[] bytes(int key, int size) {
        byte[] value = new byte[size];
        ValuePattern.write(value, 0, size, random.nextLong() ^ key, ++version);
        return value;
    }

    private static String name(String command, byte[] key) {
        return command + ' ' + new String(key, StandardCharsets.US_ASCII);
    }
}
