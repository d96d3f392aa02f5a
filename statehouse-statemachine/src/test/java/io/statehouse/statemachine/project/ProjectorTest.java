package io.statehouse.statemachine.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.codec.EntryCodec;
import io.statehouse.statemachine.codec.HeadCodec;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.state.KeyHead;
import io.statehouse.statemachine.state.StateDigest;
import io.statehouse.statemachine.storage.Row;
import io.statehouse.statemachine.storage.StoreDump;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.TreeStore;
import io.statehouse.statemachine.storage.WriteUnit;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ProjectorTest {
    private static final Agent ADA = new Agent("agents", "ada");
    private static final Key TASK = ADA.key("task");
    private static final Event PUT = new Event.EntryPut(TASK, 1, Json.ofTrusted("{}".getBytes(StandardCharsets.UTF_8)));
    private static final Event DELETED = new Event.EntryDeleted(TASK, 2);

    private final TreeStore store = new TreeStore();
    private final WriteUnit unit = new WriteUnit(store);

    @Test
    void aFirstVersionNamesItsKeyAgentAndNamespace() {
        Projector.project(commit(3, PUT), unit, StateDigest.EMPTY);

        assertThat(unit.get(Table.KEYS, KeyCodec.ofKey(TASK))).isEqualTo(KeyCodec.ofNumber(3));
        assertThat(unit.get(Table.AGENTS, KeyCodec.ofAgent(ADA))).isEqualTo(KeyCodec.ofNumber(3));
        assertThat(unit.get(Table.NAMESPACES, KeyCodec.ofNamespace(ADA.timeline(), "agents")))
                .isEqualTo(KeyCodec.ofNumber(3));
        assertThat(unit.get(Table.HEADS, KeyCodec.ofKey(TASK)))
                .isEqualTo(HeadCodec.encode(new KeyHead(1, new CommitTs(3), true)));
        assertThat(unit.rowCount()).isEqualTo(5);
    }

    @Test
    void aLaterVersionIsOneRowAndTheHead() {
        Projector.project(commit(3, DELETED), unit, StateDigest.EMPTY);

        byte[] key = KeyCodec.ofVersion(KeyCodec.ofKey(TASK), new CommitTs(3), 2);
        byte[] row = Objects.requireNonNull(unit.get(Table.VERSIONS, key));
        assertThat(unit.get(Table.HEADS, KeyCodec.ofKey(TASK)))
                .isEqualTo(HeadCodec.encode(new KeyHead(2, new CommitTs(3), false)));
        assertThat(unit.rowCount()).isEqualTo(2);
        assertThat(EntryCodec.decode(new Row(key, row)))
                .isEqualTo(new Entry(null, 2, new CommitTs(3), 30, new TxnId("t")));
    }

    @Test
    void theDigestDoesNotDependOnTheOrderOfRows() {
        StateDigest forth = Projector.project(commit(3, PUT, DELETED), unit, StateDigest.EMPTY);
        StateDigest back = Projector.project(commit(3, DELETED, PUT), unit, StateDigest.EMPTY);

        assertThat(forth).isEqualTo(back).isNotEqualTo(StateDigest.EMPTY);
    }

    @Test
    void theDigestTellsAValueFromATombstoneAndFromAnEmptyOne() {
        Event empty = new Event.EntryPut(TASK, 1, Json.ofTrusted(new byte[0]));

        StateDigest put = Projector.project(commit(3, PUT), unit, StateDigest.EMPTY);
        StateDigest none = Projector.project(commit(3, new Event.EntryDeleted(TASK, 1)), unit, StateDigest.EMPTY);

        assertThat(put).isNotEqualTo(none);
        assertThat(Projector.project(commit(3, empty), unit, StateDigest.EMPTY)).isNotEqualTo(none);
    }

    @Test
    void nothingReachesTheStoreBeforeTheUnitIsWritten() {
        Projector.project(commit(3, PUT), unit, StateDigest.EMPTY);

        assertThat(StoreDump.of(store)).isEmpty();
        store.write(unit);
        assertThat(StoreDump.of(store)).hasSize(5);
    }

    private static CommittedTransaction commit(long at, Event... events) {
        return new CommittedTransaction(
                new CommitTs(at), at * 10, new TxnId("t"), List.of(events), List.of(), Origin.NONE);
    }
}
