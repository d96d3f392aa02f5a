package io.statehouse.node.config;

import io.statehouse.statemachine.Limits;
import java.time.Duration;

/**
 * Every bound of a node in one place.
 *
 * @param core bounds on a single transaction; never above what every replica accepts
 * @param stagedBytesMax bytes of all operations staged on this node
 * @param responseBytesMax largest message sent to a client
 * @param callTimeout how long a call that names no deadline may wait
 * @param callTimeoutMax how long any call may wait, whatever deadline it names
 * @param watchStallMax how long the reader of a watch or a backup may take nothing before it is closed
 * @param diskReserveBytes room on the disk that only deletes may use
 * @param auditFileBytesMax size at which the audit begins a new file
 * @param auditFilesMax files that are kept of each of its two streams
 */
public record NodeLimits(
        Limits core,
        Duration txTimeout,
        Duration txTimeoutMax,
        int stagedTransactionsMax,
        long stagedBytesMax,
        int requestBytesMax,
        int responseBytesMax,
        int callsMax,
        Duration callTimeout,
        Duration callTimeoutMax,
        Duration watchStallMax,
        Duration shutdownGrace,
        long diskReserveBytes,
        long auditFileBytesMax,
        int auditFilesMax) {
    private static final int MIB = 1 << 20;
    private static final long AUDIT_FILE_BYTES_LEAST = 64 << 10;
    private static final long AUDIT_FILE_BYTES_MOST = 1024L * MIB;
    private static final int AUDIT_FILES_MOST = 1_000;

    /** What holds when nothing is configured. */
    public static final NodeLimits DEFAULT = new NodeLimits(
            Limits.DEFAULT,
            Duration.ofSeconds(30),
            Duration.ofHours(1),
            10_000,
            64L * MIB,
            8 * MIB,
            4 * MIB,
            10_000,
            Duration.ofSeconds(10),
            Duration.ofMinutes(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            512L * MIB,
            16L * MIB,
            16);

    static NodeLimits from(Settings settings) {
        return new NodeLimits(
                coreLimits(settings),
                millis(settings, Setting.TX_TIMEOUT_MS),
                millis(settings, Setting.TX_TIMEOUT_MAX_MS),
                count(settings, Setting.STAGED_TRANSACTIONS_MAX, Integer.MAX_VALUE),
                settings.number(Setting.STAGED_BYTES_MAX, 1, Long.MAX_VALUE),
                count(settings, Setting.REQUEST_BYTES_MAX, Integer.MAX_VALUE),
                count(settings, Setting.RESPONSE_BYTES_MAX, Integer.MAX_VALUE),
                count(settings, Setting.CALLS_MAX, Integer.MAX_VALUE),
                millis(settings, Setting.CALL_TIMEOUT_MS),
                millis(settings, Setting.CALL_TIMEOUT_MAX_MS),
                millis(settings, Setting.WATCH_STALL_MAX_MS),
                millis(settings, Setting.SHUTDOWN_GRACE_MS),
                settings.number(Setting.DISK_RESERVE_BYTES, 1, Long.MAX_VALUE),
                settings.number(Setting.AUDIT_FILE_BYTES_MAX, AUDIT_FILE_BYTES_LEAST, AUDIT_FILE_BYTES_MOST),
                count(settings, Setting.AUDIT_FILES_MAX, AUDIT_FILES_MOST));
    }

    /** A node may be stricter than the cluster, never laxer: apply would refuse what the edge let through. */
    private static Limits coreLimits(Settings settings) {
        Limits most = Limits.DEFAULT;
        return new Limits(
                count(settings, Setting.ID_BYTES_MAX, most.idBytesMax()),
                count(settings, Setting.KEY_BYTES_MAX, most.keyBytesMax()),
                count(settings, Setting.VALUE_BYTES_MAX, most.valueBytesMax()),
                count(settings, Setting.JSON_DEPTH_MAX, most.jsonDepthMax()),
                count(settings, Setting.TRANSACTION_OPERATIONS_MAX, most.transactionOperationsMax()),
                count(settings, Setting.TRANSACTION_BYTES_MAX, most.transactionBytesMax()),
                most.conditionsMax(),
                most.readSetMax(),
                most.originBytesMax(),
                most.txnIdRetention());
    }

    private static int count(Settings settings, Setting setting, int max) {
        return Math.toIntExact(settings.number(setting, 1, max));
    }

    static Duration millis(Settings settings, Setting setting) {
        return Duration.ofMillis(settings.number(setting, 1, Duration.ofDays(1).toMillis()));
    }
}
