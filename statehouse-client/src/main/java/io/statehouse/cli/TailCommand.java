package io.statehouse.cli;

import io.statehouse.client.Event;
import io.statehouse.client.Replay;
import io.statehouse.client.ReplayQuery;
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
        long next = printLast(printer);
        if (isFollowing) {
            new Following(session, printer)
                    .follow(options.narrow(WatchQuery.of(agent)).from(next));
        }
        printer.end(agent);
        return ExitCode.OK.number();
    }

    // Returns where following goes on. At least one event is read even if none is to be shown, to know that place.
    private long printLast(EventPrinter printer) {
        Deque<Event> newestFirst = new ArrayDeque<>();
        try (Replay replay = session.client().replay(query().newest(Math.max(lines, 1)))) {
            while (replay.hasNext()) {
                newestFirst.addLast(replay.next());
            }
        }
        long next = newestFirst.isEmpty() ? 1 : newestFirst.getFirst().commitTs() + 1;
        if (lines > 0) {
            newestFirst.descendingIterator().forEachRemaining(printer::print);
        }
        return next;
    }

    private ReplayQuery query() {
        return options.narrow(ReplayQuery.of(agent)).read(session.read());
    }
}
