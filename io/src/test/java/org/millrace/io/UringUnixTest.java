package org.millrace.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.io.uring.UringSupport;
import org.millrace.io.uring.UringTransport;

/** The io_uring transport over unix sockets. */
class UringUnixTest extends TransportBehaviour {
    @TempDir
    Path folder;
    private int names;

    @BeforeAll
    static void needIoUring() {
        Assumptions.assumeTrue(UringSupport.probe() == null, UringSupport::probe);
    }

    @Override
    protected Transport newTransport(SegmentArena arena) {
        return new UringTransport(arena);
    }

    @Override
    protected Endpoint anyEndpoint() {
        return Endpoint.unix(folder.resolve("s" + names++).toString());
    }

    @Override
    protected Endpoint deadEndpoint() {
        return Endpoint.unix(folder.resolve("nobody").toString());
    }

    @Override
    protected CloseCause deadCause() {
        return CloseCause.NO_SUCH_FILE;
    }

    @Test
    void shouldReplaceASocketFileThatNobodyListensOn() throws IOException {
        Endpoint endpoint = anyEndpoint();
        listenAt(endpoint, EchoHandler::new);
        listener.close();
        server.poll(0);
        Recorder early = connect(endpoint, new Recorder());
        turnUntil("refused", early::isClosed);
        assertEquals(CloseCause.REFUSED, early.closeCause());
        listenAt(endpoint, EchoHandler::new);
        Recorder recorder = connect(new Recorder());
        turnUntil("connected", recorder::isConnected);
    }

    @Test
    void shouldNotTouchAFileThatIsNoSocket() throws IOException {
        Path file = Files.writeString(folder.resolve("precious"), "data");
        assertThrows(IOException.class, () -> listenAt(Endpoint.unix(file.toString()), EchoHandler::new));
        assertEquals("data", Files.readString(file));
    }

    @Test
    void shouldSetTheFileMode() throws IOException {
        Endpoint endpoint = anyEndpoint();
        server.listen(endpoint, new ListenOptions(1, false, false, 0640), new Accepting(() -> server, Recorder::new));
        Path path = Path.of(endpoint.address().toString());
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    }
}
