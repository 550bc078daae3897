package org.millrace.engine.kit;

import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.filter.AdminQuestion;
import org.millrace.engine.lane.Lane;
import org.millrace.io.CloseCause;

/** Notes what a lane tells the rest of the process. */
public final class RecordingOutside implements Lane.Outside {
    private final List<String> events = new ArrayList<>();
    private final List<RuntimeException> faults = new ArrayList<>();
    private final List<Long> infoQuestions = new ArrayList<>();
    private boolean busy;
    private boolean broken;

    /** What was told of servers, in order. */
    public List<String> events() {
        return events;
    }

    /** Exceptions of stages. */
    public List<RuntimeException> faults() {
        return faults;
    }

    /** The exchanges that asked for INFO. */
    public List<Long> infoQuestions() {
        return infoQuestions;
    }

    /** Makes the control thread refuse questions. */
    public void busy() {
        busy = true;
    }

    /** Makes whatever asks for INFO, or tells of a refused handshake, fail with an exception. */
    public void breakDown() {
        broken = true;
    }

    @Override
    public boolean stats(int lane, long exchangeId) {
        return info(lane, exchangeId, "stats");
    }

    @Override
    public boolean info(int lane, long exchangeId, String section) {
        check();
        infoQuestions.add(exchangeId);
        return !busy;
    }

    @Override
    public boolean administer(AdminQuestion question) {
        return info(question.lane(), question.exchangeId(), question.command());
    }

    @Override
    public void onServerUp(int pool, int server) {
        events.add("up " + server);
    }

    @Override
    public void onServerDown(int pool, int server, CloseCause cause) {
        events.add("down " + server + " " + cause);
    }

    @Override
    public void onHandshakeRefused(int pool, int server, String reply) {
        check();
        events.add("refused " + server + " " + reply.strip());
    }

    private void check() {
        if (broken) {
            throw new IllegalStateException("as the test wants it");
        }
    }

    @Override
    public void onFault(String place, RuntimeException fault) {
        faults.add(fault);
    }

    @Override
    public long epochMicros() {
        return 1_700_000_000_123_456L;
    }
}
