package io.statehouse.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.statehouse.proto.v1.DiffRequest;
import io.statehouse.proto.v1.DiffResponse;
import io.statehouse.proto.v1.DiffSide;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.KeyDiff;
import io.statehouse.proto.v1.Point;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiffTest extends NativeSession {
    @Test
    void twoVersionsOfAKeyDifferByAPatch() {
        commit(put("k", "{\"a\":1,\"b\":[1,2]}"));
        commit(put("k", "{\"a\":1,\"b\":[1,3],\"c\":null}"));

        DiffResponse answer = diff(version("k", 1), version("k", 2));

        KeyDiff key = answer.getKeys(0);
        assertThat(key.getVersionBefore()).isEqualTo(1);
        assertThat(key.getVersionAfter()).isEqualTo(2);
        assertThat(key.getJsonPatch().toStringUtf8())
                .isEqualTo("[{\"op\":\"replace\",\"path\":\"/b/1\",\"value\":3},"
                        + "{\"op\":\"add\",\"path\":\"/c\",\"value\":null}]");
        assertThat(answer.getAfterTs()).isEqualTo(answer.getBeforeTs() + 1);
    }

    @Test
    void twoMomentsOfAnAgentDifferByTheKeysThatChanged() {
        long then = commit(put("gone", "1"), put("same", "2"), put("other", "3"), put("respelled", "1.0"))
                .getCommitTs();
        commit(delete("gone"), put("other", "4"), put("new", "5"), put("respelled", "1"));

        DiffResponse answer = diff(agent(then), now());

        assertThat(answer.getKeysList())
                .extracting(key -> key.getKey() + " " + key.getVersionBefore() + " " + key.getVersionAfter() + " "
                        + key.getJsonPatch().toStringUtf8() + " " + key.getDeleted())
                .containsExactly(
                        "gone 1 0  true",
                        "new 0 1 [{\"op\":\"replace\",\"path\":\"\",\"value\":5}] false",
                        "other 1 2 [{\"op\":\"replace\",\"path\":\"\",\"value\":4}] false");
        assertThat(answer.getBeforeTs()).isEqualTo(then);
    }

    @Test
    void twoAgentsAreCompared() {
        commit(put("k", "1"), put("same", "true"));
        commit(
                put("k", "2").toBuilder().setAgentId("bob").build(),
                put("same", "true").toBuilder().setAgentId("bob").build());

        DiffResponse answer = diff(now(), now().toBuilder().setAgentId("bob").build());

        assertThat(answer.getKeysList()).extracting(KeyDiff::getKey).containsExactly("k");
    }

    @Test
    void aLongDifferenceComesInPagesOfTheSameMoments() {
        long then = commit(put("k", "0")).getCommitTs();
        for (int i = 0; i < 1_000; i += 100) {
            io.statehouse.proto.v1.TransactionOperation[] puts = new io.statehouse.proto.v1.TransactionOperation[100];
            for (int j = 0; j < 100; j++) {
                puts[j] = put("k" + (i + j), Integer.toString(i + j));
            }
            commit(puts);
        }
        List<String> keys = new ArrayList<>();
        DiffRequest.Builder request =
                DiffRequest.newBuilder().setBefore(agent(then)).setAfter(now()).setPageSize(300);
        DiffResponse page = client.past().diff(request.build());
        long after = page.getAfterTs();
        commit(put("k000", "\"later\""), delete("k999"));
        while (true) {
            page.getKeysList().forEach(key -> keys.add(key.getKey()));
            assertThat(page.getAfterTs()).isEqualTo(after);
            if (page.getNextPageToken().isEmpty()) {
                break;
            }
            assertThat(page.getKeysCount()).isEqualTo(300);
            page = client.past()
                    .diff(request.setPageToken(page.getNextPageToken()).build());
        }

        assertThat(keys).hasSize(1_000).doesNotHaveDuplicates().isSorted().contains("k999");
    }

    @Test
    void whoDoesNotPageGetsAllOrAnError() {
        long before = commit(put("k", "0")).getCommitTs();
        String big = "\"" + "x".repeat(1_000_000) + "\"";
        for (int i = 0; i < 5; i++) {
            commit(put("k" + i, big));
        }

        refused(Status.Code.INVALID_ARGUMENT, ErrorCode.LIMIT_EXCEEDED, () -> diff(agent(before), now()));
        DiffResponse page = client.past()
                .diff(DiffRequest.newBuilder()
                        .setBefore(agent(before))
                        .setAfter(now())
                        .setPageSize(10)
                        .build());

        assertThat(page.getKeysCount()).isBetween(1, 4);
        assertThat(page.getNextPageToken()).isNotEmpty();
    }

    @Test
    void aVersionThatDoesNotExistIsNamed() {
        commit(put("k", "1"));

        var failure = refused(
                Status.Code.NOT_FOUND, ErrorCode.VERSION_NOT_FOUND, () -> diff(version("k", 1), version("k", 7)));

        assertThat(failure).hasMessageContaining("no version 7");
    }

    @Test
    void aKeyIsComparedWithAKeyOnly() {
        refused(
                Status.Code.INVALID_ARGUMENT,
                ErrorCode.INVALID_REQUEST,
                () -> diff(now(), now().toBuilder().setKey("k").build()));
        refused(
                Status.Code.INVALID_ARGUMENT,
                ErrorCode.INVALID_REQUEST,
                () -> diff(now().toBuilder().setVersion(1).build(), now()));
    }

    private DiffResponse diff(DiffSide before, DiffSide after) {
        return client.past()
                .diff(DiffRequest.newBuilder().setBefore(before).setAfter(after).build());
    }

    private DiffSide version(String key, long version) {
        return now().toBuilder().setKey(key).setVersion(version).build();
    }

    private DiffSide agent(long at) {
        return now().toBuilder().setPoint(Point.newBuilder().setCommitTs(at)).build();
    }

    private DiffSide now() {
        return DiffSide.newBuilder().setNamespace(namespace).setAgentId(ADA).build();
    }
}
