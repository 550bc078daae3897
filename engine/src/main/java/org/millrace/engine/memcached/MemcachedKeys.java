package org.millrace.engine.memcached;

import org.agrona.DirectBuffer;
import org.millrace.codec.memcached.RequestView;
import org.millrace.codec.memcached.command.CommandTable;
import org.millrace.engine.ring.RequestSlot;
import org.millrace.engine.traffic.RequestKeys;

/** The keys of a request, for samples. Client half's thread. */
final class MemcachedKeys implements RequestKeys {
    private final CommandTable table = CommandTable.standard();
    private final RequestView view = new RequestView();
    private RequestSlot request;

    @Override
    public int look(RequestSlot slot) {
        request = slot;
        if (!table.byId(slot.command).hasKeys()) {
            return 0;
        }
        view.wrap(slot.buffer, slot.offset, slot.length, Integer.MAX_VALUE);
        return view.keyCount();
    }

    @Override
    public void moveTo(int key) {
        boolean more = true;
        while (more && view.keyIndex() < key) {
            more = view.nextKey();
        }
    }

    @Override
    public DirectBuffer buffer() {
        return request.buffer;
    }

    @Override
    public int offset() {
        return view.keyOffset();
    }

    @Override
    public int shown() {
        return view.keyLength();
    }

    @Override
    public long length() {
        return view.keyLength();
    }

    @Override
    public void end() {
        request = null;
    }
}
