package io.statehouse.cli;

import io.statehouse.client.Commit;
import io.statehouse.client.CommitResult;
import io.statehouse.client.RefusalCode;
import io.statehouse.client.StatehouseException;
import io.statehouse.client.StatehouseException.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;

/**
 * Commits the commits of an export again, in their order.
 *
 * <p>Each has a transaction id that is made of where it comes from, so that an import that was interrupted goes on where it
 * stopped when it is run again, however much later. What it was before is kept as labels.
 */
final class EventImport {
    private static final int ORIGIN_DIGITS = 24;
    private static final String COMMIT_TS = "import.commit_ts";
    private static final String COMMITTED_AT = "import.committed_at";
    private static final String TXN_ID = "import.txn_id";

    private final Session session;
    private final ProgressRemarks remarks;
    private long applied;
    private long found;
    private long lastCommitTs;
    private boolean isBeyondWhatIsThere;

    EventImport(Session session) {
        this.session = session;
        this.remarks = new ProgressRemarks(session);
    }

    /** Imports a file, or {@code -} for stdin. A file is read and checked whole before anything is sent. */
    void run(String fileOrDash) throws IOException {
        if (fileOrDash.equals("-")) {
            run(session.in());
            return;
        }
        Path path = InputText.path(fileOrDash);
        try (InputStream in = Files.newInputStream(path)) {
            ExportReader reader = ExportReader.open(in);
            while (reader.next() != null) {
                remarks.say(() -> "line " + reader.line() + " is sound");
            }
        }
        try (InputStream in = Files.newInputStream(path)) {
            run(in);
        }
    }

    private void run(InputStream in) throws IOException {
        ExportReader reader = ExportReader.open(in);
        String origin = originOf(reader.header());
        for (var line = reader.next(); line != null; line = reader.next()) {
            try {
                apply(line, origin + line.commitTs(), reader.header().untilTime());
            } catch (StatehouseException e) {
                throw new Complaint(
                        "line " + reader.line() + ": " + Explanation.of(e, session) + "; " + (applied + found)
                                + " commits are imported, and the same command goes on behind them",
                        e);
            }
        }
    }

    private static String originOf(ExportedLine.Header header) {
        byte[] source = (header.clusterId() + "\n" + header.namespace()).getBytes(StandardCharsets.UTF_8);
        String sum = HexFormat.of().formatHex(ExportLines.sha256().digest(source));
        return "import-" + sum.substring(0, ORIGIN_DIGITS) + "-";
    }

    private void apply(ExportedLine.Committed line, String id, Instant untilTime) {
        // Applied in order, so behind the first one that is not there none is.
        if (!isBeyondWhatIsThere && isThere(id)) {
            found++;
            return;
        }
        isBeyondWhatIsThere = true;
        Commit.Builder commit = line.builder(untilTime, Instant.now());
        String originalId = commit.build().id();
        CommitResult result = session.client()
                .commit(commit.id(id)
                        .label(COMMIT_TS, Long.toString(line.commitTs()))
                        .label(COMMITTED_AT, line.committedAt())
                        .label(TXN_ID, originalId == null ? "" : originalId)
                        .build());
        if (result.replayed()) {
            found++;
        } else {
            applied++;
        }
        lastCommitTs = result.commitTs();
        remarks.say(() -> "commit_ts " + line.commitTs() + " of the export");
    }

    /** The journal knows it for ever; the ids kept for retries are forgotten after a day. */
    private boolean isThere(String id) {
        try {
            lastCommitTs = session.client().history().explain(id, false).event().commitTs();
            return true;
        } catch (Refused e) {
            if (e.code() == RefusalCode.TRANSACTION_NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /** Commits made by this run. */
    long applied() {
        return applied;
    }

    /** Commits that an earlier run had made. */
    long found() {
        return found;
    }

    /** The last commit of the import, where it went. */
    long lastCommitTs() {
        return lastCommitTs;
    }
}
