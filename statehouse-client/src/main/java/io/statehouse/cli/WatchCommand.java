package io.statehouse.cli;

import io.statehouse.client.WatchQuery;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code watch}. */
@Command(
        name = "watch",
        description = "Shows what is committed as it happens, each commit once and in order, until Ctrl-C.",
        footer = {
            "",
            "Examples:",
            "  statehousectl watch ada --prefix tool/",
            "  statehousectl watch --json --from 1042"
        })
final class WatchCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "AGENT",
            description = "The agent; without it every agent of the namespace.")
    String agent = "";

    @Option(
            names = "--from",
            paramLabel = "COMMIT_TS",
            description = "Begin with this commit_ts, which may lie in the past, instead of now.")
    @Nullable
    Long from;

    @Option(names = "--limit", paramLabel = "N", description = "End after N events; 0 = never.")
    long limit;

    @Mixin
    EventOptions options = new EventOptions();

    WatchCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (limit < 0 || (from != null && from < 0)) {
            throw new Complaint((limit < 0 ? "--limit" : "--from") + " must be 0 or more");
        }
        WatchQuery query = options.narrow(agent.isEmpty() ? WatchQuery.allAgents() : WatchQuery.of(agent));
        new Following(session, new EventPrinter(session, options.isVerbose), limit == 0 ? Long.MAX_VALUE : limit)
                .follow(from == null ? query : query.from(from));
        return ExitCode.OK.number();
    }
}
