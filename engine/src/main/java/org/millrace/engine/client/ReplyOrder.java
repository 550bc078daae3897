package org.millrace.engine.client;

import java.util.ArrayList;
import org.agrona.DirectBuffer;
import org.millrace.engine.message.Message;
import org.millrace.engine.message.MessagePool;
import org.millrace.engine.ring.RequestPort;
import org.millrace.io.Output;
import org.millrace.io.Segment;
import org.millrace.io.SegmentArena;

/**
 * Puts replies into their clients' outputs in the order of the requests: a reply whose turn has come is appended at
 * once, and with it all that waited behind it; one that is ahead of its turn is kept, copied, with its exchange.
 */
public final class ReplyOrder {
    private final ExchangePool exchanges;
    private final SegmentArena arena;
    private final RequestPort requests;
    private final MessagePool messages;
    private final int copyThreshold;
    private final ClientLatency latency;
    private final ClientTraffic traffic;
    private final ArrayList<Client> dirty = new ArrayList<>();

    /**
     * The order keeper of one client half.
     *
     * @param copyThreshold bytes from which on a message's head is sent from where it lies
     */
    public ReplyOrder(ExchangePool exchanges, SegmentArena arena, RequestPort requests, MessagePool messages,
        int copyThreshold, ClientLatency latency, ClientTraffic traffic) {
        this.exchanges = exchanges;
        this.arena = arena;
        this.requests = requests;
        this.messages = messages;
        this.copyThreshold = copyThreshold;
        this.latency = latency;
        this.traffic = traffic;
    }

    /** Answers an exchange with bytes that are copied before this returns. */
    public void reply(Exchange exchange, DirectBuffer buffer, int offset, int length) {
        Client client = exchange.client;
        if (exchange.ready || exchange.partBytes > 0 && !takeBack(exchange)) {
            return;
        }
        client.replied(length);
        traffic.replied(exchange, length);
        if (exchange != client.oldest) {
            latency.keeps(exchange);
            keep(exchange, buffer, offset, length);
        } else if (client.connection.output().append(buffer, offset, length)) {
            tap(client, buffer, offset, length);
            sent(client, exchange);
        } else {
            client.life.noMemory(client);
        }
    }

    /** Answers an exchange with a message of the server half, which goes back to it in time. */
    public void reply(Exchange exchange, Message message) {
        Client client = exchange.client;
        if (exchange.ready) {
            // refused meanwhile
            requests.release(message);
            return;
        }
        client.replied(exchange.partBytes + message.length());
        traffic.replied(exchange, exchange.partBytes + message.length());
        if (exchange == client.oldest) {
            if (append(client, message, true)) {
                sent(client, exchange);
            }
        } else {
            latency.keeps(exchange);
            keep(exchange, message);
            exchange.ready = true;
        }
    }

    /** Brings a part of a large reply; the last one comes as the reply. */
    public void part(Exchange exchange, Message message) {
        Client client = exchange.client;
        if (exchange.ready) {
            requests.release(message);
            return;
        }
        exchange.partBytes += message.length();
        if (exchange != client.oldest) {
            keep(exchange, message);
        } else {
            exchange.begun = true;
            if (append(client, message, false)) {
                toFlush(client);
                // the link looks at the account before it reads on
                client.recharge();
            }
        }
    }

    /**
     * Gives up a large reply that is held up by its client: what has come of it is dropped, and an error takes its
     * place; the rest finds its exchange answered.
     *
     * @return false if the client has got some of it already: no error can be given then
     */
    boolean refuse(Exchange exchange, DirectBuffer error) {
        if (exchange.begun) {
            return false;
        }
        reply(exchange, error, 0, error.capacity());
        return true;
    }

    private static void keep(Exchange exchange, Message message) {
        if (exchange.replyMessage == null) {
            exchange.replyMessage = message;
        } else {
            exchange.lastPart.next(message);
        }
        exchange.lastPart = message;
        exchange.client.keep(message.length());
    }

    /**
     * The rest of a reply cannot be had: what has come of it is dropped, so that an error can be given instead.
     *
     * @return false if the client has got some of it already: then it is closed
     */
    private boolean takeBack(Exchange exchange) {
        if (exchange.begun) {
            exchange.client.life.closeInReply(exchange.client);
            return false;
        }
        dropKept(exchange);
        exchange.partBytes = 0;
        return true;
    }

    private void dropKept(Exchange exchange) {
        Message message = exchange.replyMessage;
        exchange.replyMessage = null;
        while (message != null) {
            Message next = message.next();
            exchange.client.keep(-message.length());
            requests.release(message);
            message = next;
        }
    }

    private void keep(Exchange exchange, DirectBuffer buffer, int offset, int length) {
        if (length == 0) {
            // held back: a flood of such requests must not hold memory
            exchange.ready = true;
            return;
        }
        Segment segment = arena.acquireReserved(length);
        if (segment == null) {
            exchange.client.life.noMemory(exchange.client);
            return;
        }
        segment.buffer().putBytes(0, buffer, offset, length);
        exchange.replySegment = segment;
        exchange.replyLength = length;
        exchange.ready = true;
        exchange.client.keep(segment.capacity());
    }

    /** The client's oldest exchange is answered: on to those behind it that are ready. */
    private void sent(Client client, Exchange answered) {
        Exchange exchange = answered;
        while (true) {
            latency.answered(client, exchange);
            boolean last = exchange.closeAfter;
            client.oldest = exchange.next;
            client.outstanding--;
            exchanges.release(exchange);
            if (last) {
                client.life.finish(client);
                break;
            }
            exchange = client.oldest;
            if (exchange == null) {
                client.newest = null;
                break;
            }
            // one that is not ready may have parts already; its last one answers it
            boolean ready = exchange.ready;
            boolean appended = ready ? appendKept(client, exchange) : appendParts(client, exchange);
            if (!ready || !appended) {
                break;
            }
        }
        toFlush(client);
    }

    private void toFlush(Client client) {
        if (!client.dirty) {
            client.dirty = true;
            dirty.add(client);
        }
    }

    private boolean appendKept(Client client, Exchange exchange) {
        if (exchange.replyMessage != null) {
            return appendParts(client, exchange);
        }
        Segment segment = exchange.replySegment;
        if (segment == null) {
            tap(client, null, 0, 0);
            return true;
        }
        boolean appended = client.connection.output().append(segment.buffer(), 0, exchange.replyLength);
        tap(client, segment.buffer(), 0, exchange.replyLength);
        client.keep(-segment.capacity());
        segment.release();
        exchange.replySegment = null;
        if (!appended) {
            client.life.noMemory(client);
        }
        return appended;
    }

    /** Appends what has come of a reply whose turn has come: one message, the parts so far, or nothing yet. */
    private boolean appendParts(Client client, Exchange exchange) {
        exchange.begun = exchange.replyMessage != null;
        while (exchange.replyMessage != null) {
            Message message = exchange.replyMessage;
            exchange.replyMessage = message.next();
            message.next(null);
            client.keep(-message.length());
            if (!append(client, message, exchange.ready && exchange.replyMessage == null)) {
                return false;
            }
        }
        return true;
    }

    private static void tap(Client client, DirectBuffer buffer, int offset, int length) {
        if (client.tap != null) {
            client.tap.reply(client.life.nowNs(), buffer, offset, length);
        }
    }

    private boolean append(Client client, Message message, boolean last) {
        Output output = client.connection.output();
        if (client.tap != null) {
            // while it has its bytes
            client.tap.reply(client.life.nowNs(), message, last);
        }
        // first, so that whatever happens below it goes back with its client
        client.releases.add(message, output.appendedPosition() + message.length());
        int outcome = message.writeTo(output, copyThreshold, messages);
        if (outcome == Message.COPIED) {
            client.releases.removeLast();
            requests.release(message);
        }
        if (outcome == Message.NO_MEMORY) {
            client.life.noMemory(client);
        }
        return outcome != Message.NO_MEMORY;
    }

    /** Sends what was appended since the last call: once a turn. */
    public void flush() {
        for (int i = 0; i < dirty.size(); i++) {
            Client client = dirty.get(i);
            client.dirty = false;
            if (!client.closed) {
                try {
                    latency.flushing(client);
                    client.connection.flush();
                    client.receive.afterFlush(client);
                } catch (RuntimeException e) {
                    client.life.fault(client, e);
                }
            }
        }
        dirty.clear();
        latency.flushed();
    }

    /** Drops all exchanges of a client that is gone; replies to come will find nobody. */
    void abandon(Client client) {
        Exchange exchange = client.oldest;
        while (exchange != null) {
            Exchange next = exchange.next;
            if (exchange.replySegment != null) {
                client.keep(-exchange.replySegment.capacity());
                exchange.replySegment.release();
            }
            dropKept(exchange);
            traffic.dropped(exchange);
            exchanges.release(exchange);
            exchange = next;
        }
        client.oldest = null;
        client.newest = null;
        client.outstanding = 0;
        client.forgetParked();
    }
}
