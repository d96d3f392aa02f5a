package io.statehouse.cli;

import io.statehouse.client.StatehouseException.Unavailable;
import io.statehouse.client.VerifyResult;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code verify}. */
@Command(
        name = "verify",
        description = "Proves the store of every node of --address against its journal: each event, the hash chain over"
                + " them, and the state derived from them. The nodes go on meanwhile.",
        footer = {
            "",
            "Example:",
            "  statehousectl verify --address node1:50051,node2:50051,node3:50051",
            "Exit code 1 if a node is not intact or does not answer."
        })
final class VerifyCommand implements Callable<Integer> {
    private static final long NANOS_BETWEEN_REMARKS = 2_000_000_000L;

    private final Session session;
    private long remarkedNanos = System.nanoTime();

    @Option(names = "--start-ts", paramLabel = "COMMIT_TS", description = "Prove only from this commit on.")
    long start;

    VerifyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (start < 0) {
            throw new Complaint("--start-ts is " + start + "; it must be 0 (all) or more");
        }
        boolean isAllIntact = true;
        for (String endpoint : session.clientOptions().endpoints()) {
            isAllIntact &= isIntact(endpoint);
        }
        return (isAllIntact ? ExitCode.OK : ExitCode.ERROR).number();
    }

    private boolean isIntact(String endpoint) {
        var output = session.output();
        try {
            VerifyResult result =
                    session.client().admin().verify(endpoint, start, (done, all) -> remark(endpoint, done, all));
            if (session.isJson()) {
                output.line(json(endpoint, result));
            } else if (result.intact()) {
                output.success(endpoint + " is intact up to commit_ts " + result.verifiedTs() + ", chain "
                        + result.chainHash() + ", state " + result.digest());
            } else {
                output.failure(endpoint + " is not intact: commit_ts " + result.firstBadTs() + ": " + result.reason());
            }
            return result.intact();
        } catch (Unavailable e) {
            output.failure(String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void remark(String endpoint, long verifiedTs, long targetTs) {
        if (System.nanoTime() - remarkedNanos >= NANOS_BETWEEN_REMARKS) {
            remarkedNanos = System.nanoTime();
            session.output().remark(endpoint + ": " + verifiedTs + " of " + targetTs + " commits");
        }
    }

    private static String json(String endpoint, VerifyResult result) {
        return new JsonLine()
                .text("endpoint", endpoint)
                .truth("intact", result.intact())
                .number("verified_ts", result.verifiedTs())
                .number("first_bad_ts", result.firstBadTs())
                .text("reason", result.reason())
                .text("chain_hash", result.chainHash())
                .text("digest", result.digest())
                .toString();
    }
}
