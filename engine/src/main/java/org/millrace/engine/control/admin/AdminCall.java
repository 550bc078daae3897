package org.millrace.engine.control.admin;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.DirectBuffer;
import org.millrace.engine.filter.AdminQuestion;
import org.millrace.engine.resp.ReplyText;

/** One administrative command being answered: its words, who asks, and ways to answer. Any thread. */
public final class AdminCall {
    /** Takes the answer to the client that asked. */
    @FunctionalInterface
    public interface Way {
        /**
         * The answer is there. Any thread.
         *
         * @param close the client is to be closed behind it
         */
        void answer(AdminQuestion question, DirectBuffer reply, boolean close);
    }

    private final AdminQuestion question;
    private final Way way;
    private final AtomicBoolean answered = new AtomicBoolean();

    /** A question, and where its answer goes. */
    public AdminCall(AdminQuestion question, Way way) {
        this.question = question;
        this.way = way;
    }

    /** The index of the pool whose client asks. */
    public int pool() {
        return question.pool();
    }

    /** The id of the client that asks. */
    public long client() {
        return question.client();
    }

    /** As in the table of commands, such as {@code client|list}. */
    public String command() {
        return question.command();
    }

    /** How many words came behind the name. */
    public int words() {
        return question.words().size();
    }

    /** A word's bytes, the first behind the name being 0. */
    public byte[] bytes(int word) {
        return question.words().get(word);
    }

    /** A word as text. */
    public String text(int word) {
        return new String(bytes(word), StandardCharsets.UTF_8);
    }

    /** True if the word is this one, in any case. */
    public boolean is(int word, String wanted) {
        return text(word).equalsIgnoreCase(wanted);
    }

    /** Answers. A second answer is dropped. */
    public void reply(ReplyText text) {
        reply(text, false);
    }

    /** Answers, and has the client closed behind the answer if wanted. */
    void reply(ReplyText text, boolean close) {
        if (answered.compareAndSet(false, true)) {
            way.answer(question, text.ready(), close);
        }
    }

    /** Answers with OK. */
    public void ok() {
        reply(new ReplyText().status("OK"));
    }

    /** Answers with an error: its code, mostly ERR, and a text of one line. */
    public void error(String text) {
        reply(new ReplyText().error(text));
    }
}
