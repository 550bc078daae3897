package org.millrace.perf.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** A free port of 127.0.0.1 whose connections are served by a test, one thread for each. */
public final class ScriptedPort implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    private final List<Socket> sockets = new ArrayList<>();
    private final Service service;

    /** What serves a connection. */
    @FunctionalInterface
    public interface Service {
        /** Serves it until it ends; it is closed then. An exception of I/O ends it as well. */
        void serve(Socket socket) throws IOException;
    }

    /** Accepts connections until it is closed. */
    public ScriptedPort(Service service) throws IOException {
        this.service = service;
        Thread.ofPlatform().daemon().name("scripted-port").start(this::accept);
    }

    /** Its number. */
    public int number() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                synchronized (sockets) {
                    sockets.add(socket);
                }
                Thread.ofPlatform().daemon().name("scripted-connection").start(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed: the end of the test
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            service.serve(socket);
        } catch (IOException e) {
            // the other side has ended it
        }
    }

    /** Ends all connections as well. */
    @Override
    public void close() throws IOException {
        listener.close();
        synchronized (sockets) {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
