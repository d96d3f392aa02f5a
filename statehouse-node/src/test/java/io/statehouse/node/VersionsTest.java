package io.statehouse.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.KeyVersion;
import io.statehouse.proto.v1.Label;
import io.statehouse.proto.v1.ListVersionsRequest;
import io.statehouse.proto.v1.ListVersionsResponse;
import io.statehouse.proto.v1.Origin;
import io.statehouse.proto.v1.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class VersionsTest extends NativeSession {
    @Test
    void versionsAreListedNewestFirstWithWhoMadeThem() {
        Origin origin = Origin.newBuilder()
                .setActor("planner")
                .addLabels(Label.newBuilder().setName("step").setValue("1"))
                .build();
        String txnId = UUID.randomUUID().toString();
        CommitResponse first = commit(
                txnId,
                Transaction.newBuilder()
                        .addOperations(put("k", "{\"a\":1}"))
                        .setOrigin(origin)
                        .build());
        CommitResponse second = commit(delete("k"), put("k", "2"));

        List<KeyVersion> versions =
                client.past().listVersions(request().setValues(true).build()).getVersionsList();

        assertThat(versions).extracting(KeyVersion::getVersion).containsExactly(3L, 2L, 1L);
        assertThat(versions).extracting(KeyVersion::getExists).containsExactly(true, false, true);
        assertThat(versions)
                .extracting(KeyVersion::getCommitTs)
                .containsExactly(second.getCommitTs(), second.getCommitTs(), first.getCommitTs());
        KeyVersion oldest = versions.get(2);
        assertThat(oldest.getTxnId()).isEqualTo(txnId);
        assertThat(oldest.getOrigin()).isEqualTo(origin);
        assertThat(oldest.getWallTimeMs()).isEqualTo(first.getWallTimeMs());
        assertThat(oldest.getJson().toStringUtf8()).isEqualTo("{\"a\":1}");
        assertThat(versions.get(1).hasJson()).isFalse();
    }

    @Test
    void valuesAreLeftOutUnlessAskedFor() {
        commit(put("k", "1"));

        KeyVersion version = client.past().listVersions(request().build()).getVersions(0);

        assertThat(version.hasJson()).isFalse();
        assertThat(version.hasValue()).isFalse();
        assertThat(version.getExists()).isTrue();
    }

    @Test
    void pagesOfVersionsAreOfOneCut() {
        for (int i = 1; i <= 7; i++) {
            commit(put("k", Integer.toString(i)));
        }
        List<Long> seen = new ArrayList<>();
        ListVersionsRequest.Builder request = request().setPageSize(3);
        ListVersionsResponse page = client.past().listVersions(request.build());
        long cut = page.getReadTs();
        commit(put("k", "8"));
        while (true) {
            page.getVersionsList().forEach(version -> seen.add(version.getVersion()));
            assertThat(page.getReadTs()).isEqualTo(cut);
            if (page.getNextPageToken().isEmpty()) {
                break;
            }
            page = client.past()
                    .listVersions(request.setPageToken(page.getNextPageToken()).build());
        }

        assertThat(seen).containsExactly(7L, 6L, 5L, 4L, 3L, 2L, 1L);
    }

    @Test
    void versionsAreListedAsOfAPoint() {
        long first = commit(put("k", "1")).getCommitTs();
        commit(put("k", "2"));

        List<KeyVersion> then = client.past()
                .listVersions(request()
                        .setOptions(AS_JSON.toBuilder().setCommitTs(first))
                        .build())
                .getVersionsList();

        assertThat(then).extracting(KeyVersion::getVersion).containsExactly(1L);
    }

    @Test
    void valuesTooLargeForOneMessageComeInPages() {
        String big = "\"" + "x".repeat(1_000_000) + "\"";
        for (int i = 0; i < 6; i++) {
            commit(put("k", big));
        }

        ListVersionsResponse first =
                client.past().listVersions(request().setValues(true).build());
        ListVersionsResponse second = client.past()
                .listVersions(request()
                        .setValues(true)
                        .setPageToken(first.getNextPageToken())
                        .build());

        assertThat(first.getVersionsCount()).isBetween(1, 4);
        assertThat(second.getVersions(0).getVersion()).isEqualTo(6L - first.getVersionsCount());
    }

    @Test
    void aKeyNeverWrittenHasNoVersions() {
        assertThat(client.past().listVersions(request().build()).getVersionsList())
                .isEmpty();
    }

    @Test
    void aPageTooLargeIsRefused() {
        StatusRuntimeException failure = refused(
                Status.Code.INVALID_ARGUMENT,
                ErrorCode.LIMIT_EXCEEDED,
                () -> client.past().listVersions(request().setPageSize(1_001).build()));

        assertThat(failure).hasMessageContaining("page_size is 1000");
    }

    private ListVersionsRequest.Builder request() {
        return ListVersionsRequest.newBuilder()
                .setNamespace(namespace)
                .setAgentId(ADA)
                .setKey("k")
                .setOptions(AS_JSON);
    }
}
