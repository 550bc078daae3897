package org.millrace.engine.client;

import org.millrace.codec.Framer;
import org.millrace.conf.PoolLimits;
import org.millrace.engine.message.Account;
import org.millrace.engine.message.Assembler;
import org.millrace.engine.message.PendingReleases;
import org.millrace.engine.message.Regions;
import org.millrace.engine.protocol.Protocol;
import org.millrace.engine.tap.ClientTap;
import org.millrace.engine.traffic.ClientAddress;
import org.millrace.io.AcceptedSocket;
import org.millrace.io.CloseCause;
import org.millrace.io.Connection;
import org.millrace.io.ConnectionHandler;
import org.millrace.io.Segment;

/**
 * A connection from a client: its framing state, its order of outstanding exchanges, and why it is not read at the
 * moment. Passes its events to the {@link ClientReceive} of its lane.
 */
public final class Client implements ConnectionHandler {
    /** Not read: an exchange is parked at a link. */
    static final int PARKED = 1;
    /** Not read: client_max_queue requests are outstanding. */
    static final int QUEUE = 2;
    /** Not read: too much unread output. */
    static final int OUTPUT = 4;
    /** Never read again: it asked to quit or broke the protocol. */
    static final int FINISHING = 8;
    /** Not read: the process stops. */
    static final int DRAINING = 16;
    /** Not read: client_max_bytes are held for it. */
    static final int BYTES = 32;
    /** Not read: replies of client_max_expected bytes are expected. */
    static final int EXPECTED = 64;
    /** Not read: it holds most of a pool that is at its limit. */
    static final int POOL = 128;
    /** Not read: it holds most of a memory that runs short. */
    static final int MEMORY = 256;
    /** Not read: its request waits for memory to be set aside. */
    static final int RESERVATION = 512;
    /**
     * Reasons for which not even what has arrived is framed. The others must not stop that: it would keep the memory
     * from being freed that they wait for.
     */
    static final int NO_FRAMING = PARKED | QUEUE | OUTPUT | FINISHING | DRAINING | EXPECTED;

    /** So long a reply is taken to be before one has come. */
    private static final long FIRST_REPLY_ESTIMATE = 4 << 10;

    /** No write is followed until the system has taken it. */
    static final long NOT_FOLLOWED = -1;
    /** One was, and is about to be recorded. */
    static final long TAKEN = -2;

    final ClientReceive receive;
    final ClientLife life;
    final ClientSession session;
    final Regions regions = new Regions();
    final PendingReleases releases = new PendingReleases();
    /** Memory held for it. */
    final Account account;
    /** Those of its pool, which a reload may change. */
    PoolLimits limits;
    Connection connection;
    private String address;
    Protocol protocol;
    Framer framer;
    Assembler assembler;

    /** Sees what it asks and gets; null if it is not captured. */
    ClientTap tap;
    /** Where it comes from; null until that is asked for the first time. */
    ClientAddress host;
    /** Index in the list of clients. */
    int place;
    /** Mean length of its last replies. */
    long replyEstimate = FIRST_REPLY_ESTIMATE;
    Exchange oldest;
    Exchange newest;
    int outstanding;
    int parked;
    int blocked;
    int framesLeft;
    /** What of the account is for input and output, and changes with each event. */
    private long charged;
    /** What of it is for replies ahead of their turn. */
    private long kept;
    /** What of it is memory in which requests wait for their servers. */
    private long parkedBytes;
    /** When it last sent or took a byte. */
    long activeNs;
    /** When it came from another lane; 0 if it has not. */
    long movedNs;
    /** A request of its has timed out and may be carried out late. */
    boolean late;
    /** Memory set aside for the request that it is sending, and how much of that has come. */
    long reserved;
    long arrived;
    boolean awaitsReservation;
    /** It must bring more than so many bytes of its request by then. */
    long gatherMark;
    long gatherDeadlineNs;
    /** It was read when that was looked at last. */
    boolean gatherRead;
    /** The end of the write that is followed, and when it began. */
    long followedPosition = NOT_FOLLOWED;
    long followedNs;
    boolean isBeyondSoft;
    long beyondSoftSinceNs;
    long turn;
    boolean gathering;
    boolean readsPaused;
    /** In the list of those to resume. */
    boolean queued;
    /** In the list of those to flush. */
    boolean dirty;
    boolean inputEnded;
    private boolean leaving;
    private boolean closing;
    /** Output is shut down; what still arrives is discarded until the deadline. */
    boolean lingering;
    long lingerDeadlineNs;
    boolean closed;
    /** Its pool is gone. */
    boolean retired;
    /** It was turned away at the door, and is none of the pool's clients. */
    boolean refused;

    Client(ClientReceive receive, ClientLife life, ClientSession session, Account pool, PoolLimits limits) {
        account = new Account(pool);
        this.limits = limits;
        this.receive = receive;
        this.life = life;
        this.session = session;
    }

    /** Where it has come from; made when it is asked for. */
    String address() {
        if (address == null) {
            address = connection.peer();
        }
        return address;
    }

    /** What commands may know and change about this client. */
    public ClientSession session() {
        return session;
    }

    /** Requests not answered yet. */
    public int outstanding() {
        return outstanding;
    }

    /** A request has ended this client: those behind it, framed already or not, are never carried out. */
    public void leave() {
        leaving = true;
    }

    /** True once a request that ends this client has been filtered. */
    public boolean isLeaving() {
        return leaving;
    }

    /** Brings the account up to date: what is half received, waits to be framed, or has not been taken. */
    void recharge() {
        long unsent = closed ? 0 : connection.output().unsentBytes();
        long held = closed ? 0 : assembler.heldBytes() + regions.heldBytes() + unsent;
        if (held != charged) {
            account.charge(held - charged);
            charged = held;
        }
        account.replies(kept + unsent, connection.output().writtenPosition());
    }

    /** Bytes of a reply are kept until its turn comes, or are kept no longer if negative. */
    void keep(long change) {
        kept += change;
        account.charge(change);
        recharge();
    }

    /** Requests wait in so many bytes more, or fewer if negative. */
    void park(long change) {
        parkedBytes += change;
        account.charge(change);
    }

    /** It is gone: whoever waits for it from now on waits for nobody. */
    void forgetParked() {
        park(-parkedBytes);
    }

    /** What would be free without it: all but what its requests hold that are on their way to servers. */
    long ownBytes() {
        return charged + kept;
    }

    /** Bytes in which requests wait for their servers. */
    long parkedBytes() {
        return parkedBytes;
    }

    /** True if nothing of this client is under way. */
    boolean isIdle() {
        return outstanding == 0 && !closed && !lingering && regions.isEmpty() && assembler.isIdle()
            && connection.output().unsentBytes() == 0;
    }

    /** Bytes of the request that is arriving, as far as they are announced. */
    long needed() {
        long held = assembler.heldBytes();
        long awaited = assembler.awaitedBytes();
        // a head that grows is copied to a place of twice its size
        return awaited > 0 ? held + awaited : held * 2;
    }

    /**
     * True if as much is held for it as may be, or if there is no room for the request that is arriving beside what is
     * held. One that has begun to arrive in earnest is left alone: nothing but reading can end it.
     */
    boolean isBeyondBytes() {
        long beside = bytesBeside();
        return beside >= limits.clientMaxBytes()
            || beside > 0 && reserved == 0 && beside + needed() > limits.clientMaxBytes();
    }

    /** What is held beside the request that is arriving. */
    long bytesBeside() {
        return account.bytes() - assembler.heldBytes();
    }

    /** Bytes of replies that are expected for it or that it has not taken. */
    long expected() {
        return outstanding * replyEstimate + connection.output().unsentBytes();
    }

    /** A reply of so many bytes has come for it: later ones are expected to be like the last. */
    void replied(long length) {
        replyEstimate += length - replyEstimate >> 3;
    }

    /** Closes the connection; what is outstanding is dropped, once its transport says that it is closed. */
    public void close(CloseCause cause) {
        closing = true;
        connection.close(cause);
    }

    /** True once it is being closed, or is: no further reason for that is counted. */
    boolean isClosing() {
        return closing || closed;
    }

    @Override
    public void onConnected() {
        // accepted sockets stand already
    }

    @Override
    public void onReceived(Segment segment, int offset, int length) {
        receive.onReceived(this, segment, offset, length);
    }

    @Override
    public void onWritten(long position) {
        receive.onWritten(this, position);
    }

    @Override
    public void onPeerClosed() {
        life.onPeerClosed(this);
    }

    @Override
    public void onDetached(AcceptedSocket socket) {
        life.moves().onDetached(this, socket);
    }

    @Override
    public void onClosed(CloseCause cause) {
        life.onClosed(this, cause);
    }
}
