package org.millrace.perf.pressure;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.millrace.conf.ConfigReader;
import org.millrace.engine.Millrace;
import org.millrace.engine.StartOptions;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.ProxyYaml;
import org.millrace.perf.server.RunningProxy;

/** Millrace in this JVM where a tool expects a process: resident memory is that of the tests, and only roughly told. */
final class InProcessProxy implements RunningProxy {
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final Millrace millrace;
    private final int port;

    private InProcessProxy(ProxyYaml yaml, List<Integer> servers) throws IOException {
        port = FreePort.find();
        ProxyYaml bounded = yaml.copy().limit("max_memory", "256mb");
        millrace = Millrace.start(ConfigReader.read("test.yml", bounded.millrace(port, servers)),
            new StartOptions("127.0.0.1", 0, new PrintStream(log, true, StandardCharsets.UTF_8)));
    }

    static RunningProxy start(ProxyYaml yaml, List<Integer> servers) throws IOException {
        return new InProcessProxy(yaml, servers);
    }

    @Override
    public String name() {
        return "Millrace";
    }

    @Override
    public InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", port);
    }

    @Override
    public long pid() {
        return ProcessHandle.current().pid();
    }

    @Override
    public boolean isAlive() {
        return true;
    }

    @Override
    public boolean isJava() {
        return true;
    }

    @Override
    public Path gcLog() {
        return null;
    }

    @Override
    public String lastLines() {
        return log.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        millrace.close();
    }
}
