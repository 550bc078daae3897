package org.millrace.engine.kit;

import java.util.Map;
import java.util.TreeMap;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
import org.millrace.engine.client.PoolAccounts;

/** The configuration of a lane under test, as the YAML that an operator would write. */
public final class LaneSpec {
    private final Map<String, Object> engine = new TreeMap<>();
    private final Map<String, Object> limits = new TreeMap<>();
    private final Map<String, Object> pool = new TreeMap<>();
    private int servers = 1;
    private boolean borrows;

    private LaneSpec() {
        pool.put("listen", "127.0.0.1:22121");
        pool.put("redis", true);
        limits.put("max_memory", "64mb");
    }

    /** One pool with one server and no timeout. */
    public static LaneSpec lane() {
        return new LaneSpec();
    }

    /** A key of {@code millrace:}. */
    public LaneSpec engine(String key, Object value) {
        engine.put(key, value);
        return this;
    }

    /** A key of {@code limits:}. */
    public LaneSpec limit(String key, Object value) {
        limits.put(key, value);
        return this;
    }

    /** A key of the pool. */
    public LaneSpec pool(String key, Object value) {
        pool.put(key, value);
        return this;
    }

    /** How many servers the pool has. */
    public LaneSpec servers(int count) {
        servers = count;
        return this;
    }

    /** The lane borrows all its links from another one. */
    public LaneSpec borrowing() {
        borrows = true;
        return pool("server_connections_total", 1);
    }

    /** What the reader makes of it. */
    public MillraceConfig read() {
        StringBuilder yaml = new StringBuilder("millrace:\n");
        engine.forEach((key, value) -> yaml.append("  ").append(key).append(": ").append(value).append('\n'));
        yaml.append("  limits:\n");
        limits.forEach((key, value) -> yaml.append("    ").append(key).append(": ").append(value).append('\n'));
        yaml.append("alpha:\n");
        pool.forEach((key, value) -> yaml.append("  ").append(key).append(": ").append(value).append('\n'));
        yaml.append("  servers:\n");
        for (int i = 0; i < servers; i++) {
            yaml.append("    - 127.0.0.1:").append(LaneHarness.FIRST_PORT + i).append(":1\n");
        }
        return ConfigReader.read("test.yml", yaml.toString());
    }

    /** A lane of it. */
    public LaneHarness start(LaneMode mode) {
        MillraceConfig config = read();
        long arenas = mode == LaneMode.SPLIT ? 2 : 1;
        long bytes = config.engine().limits().maxMemory() / arenas;
        return new LaneHarness(mode, config, () -> new FakeTransport(bytes), new PoolAccounts(1), borrows);
    }

    /** One of several lanes. */
    public LaneHarness start(LaneMode mode, SharedMemory memory) {
        return new LaneHarness(mode, read(), memory::newTransport, memory.accounts(), borrows);
    }
}
