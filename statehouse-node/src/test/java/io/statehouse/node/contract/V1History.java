package io.statehouse.node.contract;

import static io.statehouse.node.contract.V1Client.number;
import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.proto.v1.GetStateRequest;
import io.statehouse.proto.v1.GetStateResponse;
import io.statehouse.proto.v1.Operation;
import io.statehouse.proto.v1.ReplayEvent;
import io.statehouse.proto.v1.StateEntry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract's semantics of listings and replays, each line a claim. */
public abstract class V1History extends V1Session {
    @Test
    void keysAreListedInByteOrderWithoutTombstones() {
        // In UTF-16 order the emoji (a surrogate pair) would come before the private-use character.
        List<String> inByteOrder = List.of("B", "a", "a/1", "b", "ä", "\uE000", "🏛");
        List<String> written = new ArrayList<>(inByteOrder);
        written.add("gone");
        written.reversed().forEach(key -> client.put(ADA, key, number(1)));
        client.remove(ADA, "gone");

        assertThat(client.listKeys(ADA)).containsExactlyElementsOf(inByteOrder);
        assertThat(client.scan(ADA, "")).extracting(StateEntry::getKey).containsExactlyElementsOf(inByteOrder);
    }

    @Test
    void aScanReturnsTheKeysThatBeginWithThePrefix() {
        client.put(ADA, "task/1", number(1));
        client.put(ADA, "task/2", number(2));
        client.put(ADA, "task", number(3));
        client.put(ADA, "tasks", number(4));
        long commitTs = client.put(ADA, "task/2", number(5));

        List<StateEntry> entries = client.scan(ADA, "task/");

        assertThat(entries).extracting(StateEntry::getKey).containsExactly("task/1", "task/2");
        assertThat(entries.get(1).getValue()).isEqualTo(number(5));
        assertThat(entries.get(1).getVersion()).isEqualTo(2);
        assertThat(entries.get(1).getCommitTs()).isEqualTo(commitTs);
    }

    @Test
    void anUnknownAgentHasNoKeysNoEntriesAndNoEvents() {
        assertThat(client.listKeys("nobody")).isEmpty();
        assertThat(client.scan("nobody", "")).isEmpty();
        assertThat(client.replay("nobody")).isEmpty();
    }

    @Test
    void replayRunsInCommitOrderWithBothBoundsIncluded() {
        List<Long> commits = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            commits.add(client.put(ADA, "k" + i, number(i)));
        }

        var all = client.replay(ADA);
        var middle = client.replay(client.replayRequest(ADA)
                .setStartTs(commits.get(1))
                .setEndTs(commits.get(3))
                .build());

        assertThat(all).extracting(ReplayEvent::getCommitTs).containsExactlyElementsOf(commits);
        assertThat(middle).extracting(ReplayEvent::getCommitTs).containsExactlyElementsOf(commits.subList(1, 4));
    }

    @Test
    void replayFromBeyondTheEndIsEmpty() {
        long last = client.put(ADA, KEY, number(1));

        assertThat(client.replay(client.replayRequest(ADA).setStartTs(last + 1).build()))
                .isEmpty();
        assertThat(client.replay(client.replayRequest(ADA)
                        .setStartTs(last)
                        .setEndTs(last - 1)
                        .build()))
                .isEmpty();
        assertThat(client.replay(client.replayRequest(ADA).setStartTs(-1).build()))
                .isEmpty();
    }

    @Test
    void replayNeverShowsAnotherAgentsOperations() {
        String txnId = client.begin();
        client.write(txnId, ADA, "mine", number(1));
        client.write(txnId, "bob", "theirs", number(2));
        client.write(txnId, ADA, "mine too", number(3));
        client.commit(txnId);

        ReplayEvent event = client.replay(ADA).get(0);

        assertThat(event.getOperationsList()).extracting(Operation::getKey).containsExactly("mine", "mine too");
    }

    @Test
    void replayShowsEveryEventOfALongHistoryOnce() {
        List<Long> commits = new ArrayList<>();
        for (int i = 0; i < 700; i++) {
            commits.add(client.put(ADA, "k" + i % 10, number(i)));
        }

        assertThat(client.replay(ADA)).extracting(ReplayEvent::getCommitTs).containsExactlyElementsOf(commits);
    }

    @Test
    void anEmptyCommitIsInvisibleInReplay() {
        long first = client.put(ADA, KEY, number(1));
        client.commit(client.begin());
        long third = client.put(ADA, KEY, number(2));

        assertThat(client.replay(ADA)).extracting(ReplayEvent::getCommitTs).containsExactly(first, third);
    }

    @Test
    void publishedFieldsAreAllAPublishedClientNeedsToRead() {
        client.put(ADA, KEY, number(1));

        GetStateResponse state = client.stub()
                .getState(GetStateRequest.newBuilder()
                        .setNamespace(namespace)
                        .setAgentId(ADA)
                        .setKey(KEY)
                        .build());

        assertThat(state.hasJson()).isFalse();
        assertThat(client.scan(ADA, "").get(0).hasJson()).isFalse();
        assertThat(client.replay(ADA).get(0).getOperations(0).hasJson()).isFalse();
    }
}
