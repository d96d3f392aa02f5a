package io.statehouse.cluster.bench.core;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.history.JournalPage;
import io.statehouse.statemachine.history.JournalQuery;
import io.statehouse.statemachine.state.Entry;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** How fast a store of 100,000 commits is read as it is, as it was, and from the beginning. */
@State(Scope.Thread)
public class PastBenchmark {
    private static final int EVENTS_OF_AGENT = 10_000;
    private static final int COMMITS = EVENTS_OF_AGENT * Workbench.AGENTS;
    // The pages that a node reads where all of it is wanted.
    private static final int PAGE_ROWS_MAX = 512;
    private static final long PAGE_BYTES_MAX = 32 << 10;

    /** What keeps the rows. */
    @Param
    public Engine engine = Engine.MEMORY;

    private @Nullable Workbench bench;

    /** Makes the store. */
    @Setup
    public void fill() {
        bench = new Workbench(engine);
        bench.fill(COMMITS);
    }

    /** Reads of a key as it is. */
    @Benchmark
    public @Nullable Entry readNow() {
        Workbench open = Objects.requireNonNull(bench);
        return open.state().view().find(anyKey(open));
    }

    /** Reads of a key as it was at any commit. */
    @Benchmark
    public @Nullable Entry readThen() {
        Workbench open = Objects.requireNonNull(bench);
        var at = new CommitTs(1 + open.random().nextLong(COMMITS));
        return open.state().viewAt(at).find(anyKey(open));
    }

    private static Key anyKey(Workbench open) {
        var random = open.random();
        return Workbench.agent(random.nextInt(Workbench.AGENTS))
                .key(Workbench.keyName(random.nextInt(Workbench.KEYS_PER_AGENT)));
    }

    /** Events of the journal of an agent that has 10,000, read page by page. */
    @Benchmark
    @OperationsPerInvocation(EVENTS_OF_AGENT)
    public int replay() {
        var journal = Objects.requireNonNull(bench).state().journal();
        var scope = new JournalQuery.Scope.OfAgent(Workbench.agent(0));
        int events = 0;
        CommitTs next = new CommitTs(1);
        while (next != null) {
            var query = new JournalQuery(scope, next, new CommitTs(COMMITS), false);
            JournalPage page = journal.read(query, PAGE_ROWS_MAX, PAGE_BYTES_MAX);
            events += page.events().size();
            next = page.next();
        }
        if (events != EVENTS_OF_AGENT) {
            throw new IllegalStateException("a replay of " + events + " events, not of " + EVENTS_OF_AGENT);
        }
        return events;
    }

    /** Closes the store. */
    @TearDown
    public void close() {
        Objects.requireNonNull(bench).close();
    }
}
