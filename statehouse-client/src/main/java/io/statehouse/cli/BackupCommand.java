package io.statehouse.cli;

import io.statehouse.client.Backup;
import io.statehouse.client.StatehouseException.Unavailable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code backup}. */
@Command(
        name = "backup",
        description = "Copies the state of a node of --address into a directory while the cluster goes on: every commit"
                + " acknowledged before it began, with its numbers and times. statehoused restore begins a new cluster"
                + " with it.",
        footer = {
            "",
            "Examples:",
            "  statehousectl backup /backups/2026-11-21",
            "  statehousectl backup /backups/2026-11-21 --address node2:50051",
            "The directory must be new or empty. Of several nodes the first one that answers is asked."
        })
final class BackupCommand implements Callable<Integer> {
    private static final long MIB = 1L << 20;

    private final Session session;

    @Parameters(index = "0", paramLabel = "DIR", description = "The directory to write.")
    String directory = "";

    BackupCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        Backup backup = backup(session.clientOptions().endpoints());
        var output = session.output();
        if (session.isJson()) {
            output.line(new JsonLine()
                    .text("directory", directory)
                    .text("cluster_id", backup.clusterId())
                    .text("node_id", backup.nodeId())
                    .number("commit_ts", backup.commitTs())
                    .text("committed_at", backup.committedAt().toString())
                    .text("chain_hash", backup.chainHash())
                    .text("digest", backup.digest())
                    .number("files", backup.files())
                    .number("bytes", backup.bytes())
                    .toString());
        } else {
            output.success("Backed up to " + directory + " from " + backup.nodeId() + ": commit_ts " + backup.commitTs()
                    + " of " + backup.committedAt() + ", " + backup.files() + " files, " + backup.bytes()
                    + " bytes, chain "
                    + backup.chainHash() + ", state " + backup.digest());
        }
        return ExitCode.OK.number();
    }

    private Backup backup(List<String> endpoints) throws IOException {
        var remarks = new ProgressRemarks(session);
        var path = InputText.path(directory);
        for (int i = 0; ; i++) {
            try {
                return session.client()
                        .admin()
                        .backup(
                                endpoints.get(i),
                                path,
                                (done, all) -> remarks.say(() -> done / MIB + " of " + all / MIB + " MiB"));
            } catch (Unavailable e) {
                if (i == endpoints.size() - 1) {
                    throw e;
                }
                session.output().remark(e.getMessage() + "; asking " + endpoints.get(i + 1));
            }
        }
    }
}
