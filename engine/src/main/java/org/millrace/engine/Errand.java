package org.millrace.engine;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;

/** Something to be done by another thread, which takes tasks from a queue of its own. */
final class Errand {
    private Errand() {
    }

    /**
     * Hands a task over. If its answer is cancelled before it begins it is not done.
     *
     * @param queue puts it in, or says that it is full
     * @return the task's answer or exception, in time; a {@link RejectedExecutionException} if the queue was full
     */
    static <T> CompletableFuture<T> send(Predicate<Runnable> queue, Callable<T> task) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        boolean taken = queue.test(() -> {
            if (answer.isCancelled()) {
                return;
            }
            try {
                answer.complete(task.call());
            } catch (Exception e) {
                answer.completeExceptionally(e);
            }
        });
        if (!taken) {
            answer.completeExceptionally(new RejectedExecutionException());
        }
        return answer;
    }
}
