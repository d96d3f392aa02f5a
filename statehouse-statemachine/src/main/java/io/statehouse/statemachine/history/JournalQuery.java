package io.statehouse.statemachine.history;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Timeline;
import io.statehouse.statemachine.event.CommittedTransaction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which commits to read, and from which end.
 *
 * @param from first commit_ts, inclusive
 * @param to last commit_ts, inclusive
 */
public record JournalQuery(Scope scope, CommitTs from, CommitTs to, boolean isReverse) {

    /** Whose events. An event is cut down to the operations in scope; one without any is left out. */
    public sealed interface Scope {
        /** The part of a commit that is in scope; null when none is. */
        default @Nullable CommittedTransaction cut(CommittedTransaction commit) {
            return switch (this) {
                case Whole whole -> commit;
                case OfNamespace scope -> cut(commit, scope::holds, scope::holds);
                // What an agent read elsewhere in its namespace explains its own decision.
                case OfAgent scope -> cut(commit, scope.agent()::equals, scope.namespace()::holds);
            };
        }

        private static @Nullable CommittedTransaction cut(
                CommittedTransaction commit, Predicate<Agent> written, Predicate<Agent> read) {
            CommittedTransaction part = new CommittedTransaction(
                    commit.commitTs(),
                    commit.wallMillis(),
                    commit.txnId(),
                    commit.events().stream()
                            .filter(event -> written.test(event.key().agent()))
                            .toList(),
                    commit.readSet().stream()
                            .filter(record -> read.test(record.key().agent()))
                            .toList(),
                    commit.origin());
            return part.events().isEmpty() ? null : part;
        }

        /** Every commit, empty ones included. */
        record Whole() implements Scope {}

        /** Read through the namespace's own index: costs what the namespace's history costs, not the store's. */
        record OfNamespace(Timeline timeline, String namespace) implements Scope {
            boolean holds(Agent agent) {
                return agent.timeline().equals(timeline) && agent.namespace().equals(namespace);
            }
        }

        /** Read through the agent's own index: costs what the agent's history costs, not the store's. */
        record OfAgent(Agent agent) implements Scope {
            OfNamespace namespace() {
                return new OfNamespace(agent.timeline(), agent.namespace());
            }
        }
    }
}
