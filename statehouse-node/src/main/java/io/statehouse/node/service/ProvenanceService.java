package io.statehouse.node.service;

import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Role;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.history.Provenance;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Explains a decision: what it wrote, what it had read, as it was then, and which later ones had read what it wrote. */
public final class ProvenanceService {
    /** The most later transactions of one page. */
    public static final int PAGE_SIZE_MAX = 1_000;

    private final StateService state;
    private final AccessPolicy policy;
    private final LimitGuard guard;
    private final long answerBytesMax;

    /** @param answerBytesMax largest sum of values of one answer */
    public ProvenanceService(StateService state, StateService.Node node, long answerBytesMax) {
        this.state = state;
        this.policy = node.policy();
        this.guard = node.guard();
        this.answerBytesMax = answerBytesMax;
    }

    /** What to explain. */
    public sealed interface Subject {
        /** The transaction committed under an id. */
        record Transaction(TxnId id) implements Subject {}

        /** The transaction that made a version of a key. */
        record Version(Key key, long version) implements Subject {}
    }

    /**
     * A question.
     *
     * @param readersFrom where among the later transactions to begin; null = they are not asked for
     * @param readersMax at most so many of them
     */
    public record Query(
            Subject subject,
            ReadPoint.Freshness freshness,
            Provenance.@Nullable Position readersFrom,
            int readersMax) {}

    /**
     * A decision explained.
     *
     * @param next where the next page of readers begins; null = there is none
     */
    public record Explanation(
            CommittedTransaction commit,
            List<Provenance.Read> reads,
            List<Provenance.Reader> readers,
            Provenance.@Nullable Position next) {
        public Explanation {
            reads = List.copyOf(reads);
            readers = List.copyOf(readers);
        }
    }

    /** Explains a transaction. Its caller must be allowed to read every namespace it is about. */
    public CompletableFuture<Explanation> explain(Caller caller, Query query) {
        switch (query.subject()) {
            case Subject.Transaction transaction -> guard.check(transaction.id());
            case Subject.Version version -> guard.check(version.key());
        }
        if (query.readersMax() > PAGE_SIZE_MAX) {
            throw Refusals.limitExceeded("downstream_page_size", PAGE_SIZE_MAX, query.readersMax());
        }
        ReadPoint point = new ReadPoint(query.freshness(), new ReadPoint.Moment.Present());
        return state.look(caller, namespaceOf(query.subject()), point, past -> {
            CommittedTransaction commit = find(past, query.subject());
            Stream.concat(
                            commit.events().stream().map(Event::key),
                            commit.readSet().stream().map(read -> read.key()))
                    .map(key -> key.agent().namespace())
                    .distinct()
                    .forEach(namespace -> policy.require(caller, Role.READER, namespace));
            return explain(past.machine().provenance(), commit, query);
        });
    }

    private static @Nullable String namespaceOf(Subject subject) {
        return subject instanceof Subject.Version version
                ? version.key().agent().namespace()
                : null;
    }

    private static CommittedTransaction find(Past past, Subject subject) {
        Provenance provenance = past.machine().provenance();
        CommittedTransaction found = switch (subject) {
            case Subject.Transaction transaction -> provenance.find(transaction.id());
            case Subject.Version version -> provenance.findWriter(version.key(), version.version());
        };
        if (found != null) {
            return found;
        }
        throw switch (subject) {
            case Subject.Transaction transaction -> Refusals.notFound(transaction.id());
            case Subject.Version version ->
                Refusals.noVersion(
                        version.key(), version.version(), past.present().at());
        };
    }

    private Explanation explain(Provenance provenance, CommittedTransaction commit, Query query) {
        Provenance.Reads reads = provenance.reads(commit, 0, answerBytesMax);
        if (reads.next() < commit.readSet().size()) {
            throw Refusals.limitExceeded("responseBytesMax", answerBytesMax, answerBytesMax + 1);
        }
        Provenance.Position from = query.readersFrom();
        if (from == null) {
            return new Explanation(commit, reads.reads(), List.of(), null);
        }
        Provenance.Readers readers = provenance.readers(commit, from, query.readersMax());
        return new Explanation(commit, reads.reads(), readers.readers(), readers.next());
    }
}
