package org.millrace.engine.resp;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.codec.resp.RequestView;
import org.millrace.codec.resp.command.CommandTable;
import org.millrace.codec.resp.command.KeyFinder;
import org.millrace.codec.resp.command.KeyList;
import org.millrace.engine.ring.RequestSlot;
import org.millrace.engine.traffic.RequestKeys;
import org.millrace.engine.traffic.Sketches;

/** The keys of a request, for samples. Of a key that is a body the beginning is read. Client half's thread. */
final class RespKeys implements RequestKeys {
    private final CommandTable table = CommandTable.standard();
    private final RequestView view = new RequestView();
    private final KeyList keys = new KeyList();
    private final UnsafeBuffer longKey = new UnsafeBuffer(new byte[Sketches.KEY_BYTES_MAX]);
    private final int bodyThreshold;
    private RequestSlot request;
    private int at;
    private int shown;

    RespKeys(int bodyThreshold) {
        this.bodyThreshold = bodyThreshold;
    }

    @Override
    public int look(RequestSlot slot) {
        request = slot;
        view.wrap(slot.buffer, slot.offset, slot.length, bodyThreshold);
        return KeyFinder.find(table.byId(slot.command), slot.buffer, view, keys) == KeyFinder.OK ? keys.size() : 0;
    }

    @Override
    public void moveTo(int key) {
        at = key;
        shown = isBody() ? request.message.copyBody(keys.bodyIndex(key), longKey, longKey.capacity())
            : (int) keys.length(key);
    }

    private boolean isBody() {
        return keys.bodyIndex(at) >= 0;
    }

    @Override
    public DirectBuffer buffer() {
        return isBody() ? longKey : request.buffer;
    }

    @Override
    public int offset() {
        return isBody() ? 0 : keys.offset(at);
    }

    @Override
    public int shown() {
        return shown;
    }

    @Override
    public long length() {
        return keys.length(at);
    }

    @Override
    public void end() {
        request = null;
        keys.shrink();
    }
}
