package io.statehouse.cli;

import io.statehouse.client.Replay;
import io.statehouse.client.ReplayQuery;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code replay}. */
@Command(
        name = "replay",
        description = "Shows what an agent did, in the order of the commits.",
        footer = {
            "",
            "Examples:",
            "  statehousectl replay ada --start-ts 1000 --end-ts 1041",
            "  statehousectl replay ada --start-ts 2026-11-21 --prefix tool/ --kind put",
            "  statehousectl replay ada --reverse --limit 5 --verbose",
            "  statehousectl replay --all-agents --json"
        })
final class ReplayCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", arity = "0..1", paramLabel = "AGENT", description = "The agent.")
    String agent = "";

    @Option(names = "--all-agents", description = "Every agent of the namespace, instead of AGENT.")
    boolean isOfAllAgents;

    @Option(
            names = "--start-ts",
            paramLabel = "WHEN",
            description = "The first commit_ts, included; or a time (2026-11-21T10:15:30Z, 2026-11-21).")
    String start = "";

    @Option(names = "--end-ts", paramLabel = "WHEN", description = "The last commit_ts or time, included.")
    String end = "";

    @Option(names = "--limit", paramLabel = "N", description = "At most N events; 0 = all.")
    long limit;

    @Option(names = "--reverse", description = "Newest first: with --limit the last N, without reading the rest.")
    boolean isReverse;

    @Mixin
    EventOptions options = new EventOptions();

    ReplayCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var printer = new EventPrinter(session, options.isVerbose);
        try (Replay replay = session.client().replay(query())) {
            while (replay.hasNext() && !session.output().isClosed()) {
                printer.print(replay.next());
            }
        }
        printer.end(isOfAllAgents ? "" : agent);
        return ExitCode.OK.number();
    }

    private ReplayQuery query() {
        if (isOfAllAgents != agent.isEmpty()) {
            throw new Complaint("name one AGENT, or say --all-agents");
        }
        if (limit < 0) {
            throw new Complaint("--limit is " + limit + "; it must be 0 (all) or more");
        }
        ReplayQuery query = isOfAllAgents ? ReplayQuery.allAgents() : ReplayQuery.of(agent);
        query = within(options.narrow(query).read(session.read()));
        return isReverse ? query.newest(limit) : query.limit(limit);
    }

    private ReplayQuery within(ReplayQuery query) {
        Moment first = start.isEmpty() ? null : Moment.parse(start);
        Moment last = end.isEmpty() ? null : Moment.parse(end);
        ReplayQuery within = query.between(timeOf(first), timeOf(last));
        within = first instanceof Moment.Commit from ? within.from(from.commitTs()) : within;
        return last instanceof Moment.Commit to ? within.to(to.commitTs()) : within;
    }

    private static @Nullable Instant timeOf(@Nullable Moment moment) {
        return moment instanceof Moment.Time time ? time.time() : null;
    }
}
