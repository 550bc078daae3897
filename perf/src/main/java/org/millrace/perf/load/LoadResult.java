package org.millrace.perf.load;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * The outcome of a run.
 *
 * @param latencyUs         all measured latencies
 * @param latencyUsByCommand the same for each command that was sent
 * @param failures          how many requests failed in each way, warm-up included
 * @param failuresByCommand failed requests of each command
 * @param sent              requests that left, warm-up included
 * @param unsent            requests of an open loop that were due and never left: the target could not keep up
 * @param hits             values that were there
 * @param misses            keys that were asked for and not there
 * @param elapsedNs         from the first moment measured to the last reply
 * @param cpuUsPerRequest   CPU of this process for a request, in the steady part of the run; 0 if it was too short
 * @param texts             the first few failures in words
 */
public record LoadResult(
    Histogram latencyUs,
    Map<LoadCommand, Histogram> latencyUsByCommand,
    Map<FailureKind, Long> failures,
    Map<LoadCommand, Long> failuresByCommand,
    long sent,
    long unsent,
    long hits,
    long misses,
    long elapsedNs,
    double cpuUsPerRequest,
    List<String> texts) {

    /** Takes copies of the collections. */
    public LoadResult {
        latencyUsByCommand = new LinkedHashMap<>(latencyUsByCommand);
        failures = new EnumMap<>(failures);
        failuresByCommand = new LinkedHashMap<>(failuresByCommand);
        texts = List.copyOf(texts);
    }

    /** Measured requests, failed ones among them. */
    public long requests() {
        return latencyUs.getTotalCount() - unsent;
    }

    /** Requests that failed in any way. */
    public long failed() {
        return failures.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Whether every request got its own answer. */
    public boolean isClean() {
        return failed() == 0;
    }

    /** Measured requests for each second. */
    public double requestsPerSecond() {
        return elapsedNs <= 0 ? 0 : requests() * 1e9 / elapsedNs;
    }
}
