package io.statehouse.cli;

import io.statehouse.client.Event;
import io.statehouse.client.Read;
import io.statehouse.client.Replay;
import io.statehouse.client.ReplayQuery;
import io.statehouse.client.Watch;
import io.statehouse.client.WatchQuery;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tail}. */
@Command(
        name = "tail",
        description = "Shows the last events of an agent, without reading those before.",
        footer = {
            "",
            "Examples:",
            "  statehousectl tail ada -n 3",
            "  statehousectl tail ada -f --json | jq .operations"
        })
final class TailCommand implements Callable<Integer> {
    /** They are held in memory, because they arrive newest first. */
    private static final long LINES_MAX = 100_000;

    private final Session session;

    @Parameters(index = "0", paramLabel = "AGENT", description = "The agent.")
    String agent = "";

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            description = "How many events. Default: 10.")
    long lines = 10;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is committed from now on, until Ctrl-C; across the loss of a node too.")
    boolean isFollowing;

    @Mixin
    EventOptions options = new EventOptions();

    TailCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (lines < 0 || lines > LINES_MAX) {
            throw new Complaint("--lines is " + lines + "; it must be 0 to " + LINES_MAX);
        }
        var printer = new EventPrinter(session, options.isVerbose);
        ReplayQuery all = options.narrow(ReplayQuery.of(agent));
        if (isFollowing) {
            // The place comes first: what is shown ends before it, and what is followed begins with it.
            long next = placeToFollowFrom();
            printLast(printer, all.to(next - 1).read(Read.atLeast(next - 1)));
            new Following(session, printer)
                    .follow(options.narrow(WatchQuery.of(agent)).from(next));
        } else {
            printLast(printer, all.read(session.read()));
        }
        printer.end(agent);
        return ExitCode.OK.number();
    }

    private long placeToFollowFrom() {
        try (Watch watch = session.client().watch(options.narrow(WatchQuery.of(agent)))) {
            return watch.resumeTs();
        }
    }

    private void printLast(EventPrinter printer, ReplayQuery query) {
        if (lines == 0) {
            return;
        }
        Deque<Event> newestFirst = new ArrayDeque<>();
        try (Replay replay = session.client().replay(query.newest(lines))) {
            while (replay.hasNext()) {
                newestFirst.addLast(replay.next());
            }
        }
        newestFirst.descendingIterator().forEachRemaining(printer::print);
    }
}
