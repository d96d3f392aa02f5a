package io.statehouse.statemachine.history;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.command.ReadRecord;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.WriteUnit;
import java.util.LinkedHashSet;
import java.util.Set;

/** The rows by which a commit is found in the journal: by agent, by namespace, by transaction id, by what it had read. */
final class JournalIndex {
    private static final byte[] EMPTY = new byte[0];

    private JournalIndex() {}

    static void index(CommittedTransaction commit, WriteUnit unit) {
        Set<Agent> agents = new LinkedHashSet<>();
        for (Event event : commit.events()) {
            agents.add(event.key().agent());
        }
        for (Agent agent : agents) {
            list(Table.AGENT_EVENTS, KeyCodec.ofAgent(agent), commit, unit);
            list(Table.NAMESPACE_EVENTS, KeyCodec.ofNamespace(agent.timeline(), agent.namespace()), commit, unit);
        }
        for (ReadRecord read : commit.readSet()) {
            // Version 0 says that there was nothing to read: no transaction wrote it, so none asks who read it.
            if (read.version() > 0) {
                list(Table.READERS, KeyCodec.ofReaders(KeyCodec.ofKey(read.key()), read.version()), commit, unit);
            }
        }
        unit.put(Table.TRANSACTIONS, KeyCodec.ofTransaction(commit.txnId(), commit.commitTs()), EMPTY);
    }

    private static void list(Table table, byte[] parent, CommittedTransaction commit, WriteUnit unit) {
        unit.put(table, KeyCodec.ofListed(parent, commit.commitTs()), EMPTY);
    }
}
