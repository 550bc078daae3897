package org.millrace.conf;

/** The limits of one pool, or of all that have none of their own, while they are being read. */
final class PoolLimitsDraft {
    int clientMaxQueue;
    /** Null while it is not given: it follows from the longest message then. */
    Long clientMaxBytes;
    int clientMaxOutput;
    long clientMaxExpected;
    OutputLimit clientOutputLimit;
    long poolMaxBytes;
    int serverMaxQueue;
    int serverMaxUnsent;
    int queueTimeoutMs;

    /** Begins with what holds for all pools. */
    PoolLimitsDraft copy(PoolLimits limits) {
        clientMaxQueue = limits.clientMaxQueue();
        clientMaxBytes = limits.clientMaxBytes();
        clientMaxOutput = limits.clientMaxOutput();
        clientMaxExpected = limits.clientMaxExpected();
        clientOutputLimit = limits.clientOutputLimit();
        poolMaxBytes = limits.poolMaxBytes();
        serverMaxQueue = limits.serverMaxQueue();
        serverMaxUnsent = limits.serverMaxUnsent();
        queueTimeoutMs = limits.queueTimeoutMs();
        return this;
    }

    PoolLimits build(long maxMessage) {
        return new PoolLimits(clientMaxQueue, clientMaxBytes != null ? clientMaxBytes : maxMessage, clientMaxOutput,
            clientMaxExpected, clientOutputLimit, poolMaxBytes, serverMaxQueue, serverMaxUnsent, queueTimeoutMs);
    }
}
