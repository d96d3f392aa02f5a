package io.statehouse.client;

import com.google.protobuf.ByteString;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.ExamineNodeResponse;
import io.statehouse.proto.v1.ExplainResponse;
import io.statehouse.proto.v1.GetClusterStatusResponse;
import io.statehouse.proto.v1.GetRetentionResponse;
import io.statehouse.proto.v1.GetStateAtVersionResponse;
import io.statehouse.proto.v1.GetStateResponse;
import io.statehouse.proto.v1.GetTransactionResponse;
import io.statehouse.proto.v1.Label;
import io.statehouse.proto.v1.ReplayEvent;
import io.statehouse.proto.v1.ResolveTransactionResponse;
import io.statehouse.proto.v1.RevertResponse;
import io.statehouse.proto.v1.StateEntry;
import io.statehouse.proto.v1.StatehouseError;
import io.statehouse.proto.v1.TransactionStatus;
import io.statehouse.proto.v1.VersionRef;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Answers of the wire as the values callers see. */
final class FromWire {
    private FromWire() {}

    static Entry entry(String key, GetStateResponse answer) {
        return new Entry(
                key,
                answer.getExists() ? json(answer.getJson()) : null,
                answer.getVersion(),
                answer.getCommitTs(),
                Instant.ofEpochMilli(answer.getWallTimeMs()),
                answer.getReadTs());
    }

    static Entry entry(String key, GetStateAtVersionResponse answer) {
        return new Entry(
                key,
                answer.getExists() ? json(answer.getJson()) : null,
                answer.getVersion(),
                answer.getCommitTs(),
                Instant.ofEpochMilli(answer.getWallTimeMs()),
                answer.getReadTs());
    }

    static Entry entry(StateEntry entry, long readTs) {
        return new Entry(
                entry.getKey(),
                json(entry.getJson()),
                entry.getVersion(),
                entry.getCommitTs(),
                Instant.ofEpochMilli(entry.getWallTimeMs()),
                readTs);
    }

    static CommitResult commitResult(String transactionId, CommitResponse answer) {
        return new CommitResult(
                transactionId,
                answer.getCommitTs(),
                Instant.ofEpochMilli(answer.getWallTimeMs()),
                answer.getVersionsList(),
                answer.getReplayed());
    }

    static TransactionFate fate(String transactionId, GetTransactionResponse answer) {
        var committed = new CommitResult(
                transactionId,
                answer.getCommitTs(),
                Instant.ofEpochMilli(answer.getWallTimeMs()),
                answer.getVersionsList(),
                true);
        return fate(committed, answer.getStatus(), answer.getRefusal());
    }

    static TransactionFate fate(String transactionId, ResolveTransactionResponse answer) {
        var committed = new CommitResult(
                transactionId,
                answer.getCommitTs(),
                Instant.ofEpochMilli(answer.getWallTimeMs()),
                answer.getVersionsList(),
                true);
        return fate(committed, answer.getStatus(), answer.getRefusal());
    }

    private static TransactionFate fate(CommitResult committed, TransactionStatus status, StatehouseError refusal) {
        TransactionFate.Status known = switch (status) {
            case TRANSACTION_STATUS_STAGED -> TransactionFate.Status.STAGED;
            case TRANSACTION_STATUS_COMMITTED -> TransactionFate.Status.COMMITTED;
            case TRANSACTION_STATUS_ABORTED -> TransactionFate.Status.ABORTED;
            case TRANSACTION_STATUS_REFUSED -> TransactionFate.Status.REFUSED;
            case TRANSACTION_STATUS_UNKNOWN, UNRECOGNIZED -> TransactionFate.Status.UNKNOWN;
        };
        return new TransactionFate(
                committed.transactionId(),
                known,
                known == TransactionFate.Status.COMMITTED ? committed : null,
                known == TransactionFate.Status.REFUSED ? refused(refusal) : null);
    }

    private static StatehouseException.Refused refused(StatehouseError error) {
        return new StatehouseException.Refused(
                Verdict.codeOf(error.getCode()), error.getMessage(), error.getDetailsMap(), null);
    }

    static Event event(ReplayEvent event) {
        return new Event(
                event.getTxnId(),
                event.getCommitTs(),
                Instant.ofEpochMilli(event.getWallTimeMs()),
                event.getNamespace(),
                event.getAgentId(),
                event.getOperationsList().stream()
                        .map(operation -> operation(event, operation))
                        .toList(),
                origin(event.getOrigin()),
                event.getReadSetList().stream()
                        .map(read -> new ReadRecord(
                                new StateKey(read.getNamespace(), read.getAgentId(), read.getKey()), read.getVersion()))
                        .toList());
    }

    // An operation names its namespace and agent only where the event spans several.
    private static Operation operation(ReplayEvent event, io.statehouse.proto.v1.Operation operation) {
        var key = new StateKey(
                operation.getNamespace().isEmpty() ? event.getNamespace() : operation.getNamespace(),
                operation.getAgentId().isEmpty() ? event.getAgentId() : operation.getAgentId(),
                operation.getKey());
        return new Operation(
                key,
                operation.hasJson() ? json(operation.getJson()) : null,
                operation.getVersion(),
                operation.getErased(),
                operation.getExpiresMs() == 0 ? null : Instant.ofEpochMilli(operation.getExpiresMs()),
                operation.getExpired());
    }

    private static Origin origin(io.statehouse.proto.v1.Origin origin) {
        var labels = new LinkedHashMap<String, String>();
        for (Label label : origin.getLabelsList()) {
            labels.put(label.getName(), label.getValue());
        }
        return new Origin(origin.getActor(), origin.getTraceId(), labels);
    }

    static KeyVersion keyVersion(io.statehouse.proto.v1.KeyVersion version) {
        return new KeyVersion(
                version.getVersion(),
                version.getCommitTs(),
                Instant.ofEpochMilli(version.getWallTimeMs()),
                version.getTxnId(),
                origin(version.getOrigin()),
                version.getExists(),
                version.hasJson() ? json(version.getJson()) : null);
    }

    static KeyDiff keyDiff(io.statehouse.proto.v1.KeyDiff diff) {
        return new KeyDiff(
                diff.getKey(),
                diff.getVersionBefore(),
                diff.getVersionAfter(),
                diff.getDeleted() ? null : json(diff.getJsonPatch()));
    }

    static RevertResult revertResult(String transactionId, RevertResponse answer) {
        return new RevertResult(
                transactionId,
                answer.getCommitTs(),
                Instant.ofEpochMilli(answer.getWallTimeMs()),
                answer.getChangedKeysList(),
                answer.getReplayed());
    }

    static Explanation explanation(ExplainResponse answer, List<Explanation.DownstreamRead> downstream) {
        return new Explanation(
                event(answer.getEvent()),
                answer.getReadsList().stream().map(FromWire::explainedRead).toList(),
                downstream);
    }

    private static Explanation.ExplainedRead explainedRead(io.statehouse.proto.v1.ExplainedRead read) {
        return new Explanation.ExplainedRead(
                key(read.getRef()),
                read.getRef().getVersion(),
                read.getCommitTs(),
                read.getTxnId(),
                read.hasJson() ? json(read.getJson()) : null,
                read.getErased());
    }

    static Retention retention(String namespace, GetRetentionResponse answer) {
        var policy = answer.getPolicy();
        return new Retention(
                namespace,
                new RetentionPolicy(
                        Duration.ofMillis(policy.getMaxAgeMs()), policy.getMaxCommits(), policy.getKeepVersions()),
                answer.getFloorTs(),
                answer.getReadTs());
    }

    static Explanation.DownstreamRead downstream(io.statehouse.proto.v1.DownstreamRead read) {
        return new Explanation.DownstreamRead(
                read.getTxnId(),
                read.getCommitTs(),
                key(read.getRef()),
                read.getRef().getVersion());
    }

    private static StateKey key(VersionRef ref) {
        return new StateKey(ref.getNamespace(), ref.getAgentId(), ref.getKey());
    }

    static ClusterStatus clusterStatus(GetClusterStatusResponse answer) {
        return new ClusterStatus(
                answer.getClusterId(),
                answer.getNodeId(),
                role(answer.getRole()),
                answer.getTerm(),
                answer.getLeaderId(),
                answer.getAppliedCommitTs(),
                answer.getDurableCommitTs(),
                answer.getApplyLagEntries(),
                answer.getMembersList().stream().map(FromWire::member).toList(),
                answer.getVersion(),
                answer.getFeatureLevel(),
                answer.getFeatureLevelMax());
    }

    static NodeExamination examination(ExamineNodeResponse answer, long ownClockMillis, Duration callTime) {
        var settings = new TreeMap<String, String>();
        answer.getSettingsList().forEach(setting -> settings.put(setting.getName(), setting.getValue()));
        var certificates = new TreeMap<String, Long>();
        answer.getCertificatesList().forEach(each -> certificates.put(each.getName(), each.getValidUntilUnixMillis()));
        return new NodeExamination(
                clusterStatus(answer.getStatus()),
                answer.getNotReadyReason(),
                answer.getClockUnixMillis(),
                ownClockMillis,
                callTime,
                answer.getDiskFreeBytes(),
                answer.getDiskTotalBytes(),
                answer.getDiskReserveBytes(),
                settings,
                certificates);
    }

    private static ClusterMember member(io.statehouse.proto.v1.ClusterMember member) {
        @Nullable Long lag = member.hasLagEntries() ? member.getLagEntries() : null;
        return new ClusterMember(
                member.getNodeId(),
                member.getRaftAddress(),
                member.getApiAddress(),
                role(member.getRole()),
                lag,
                member.getCopiedBytes(),
                member.getCopyBytes());
    }

    private static MemberRole role(io.statehouse.proto.v1.MemberRole role) {
        return switch (role) {
            case MEMBER_ROLE_LEADER -> MemberRole.LEADER;
            case MEMBER_ROLE_FOLLOWER -> MemberRole.FOLLOWER;
            case MEMBER_ROLE_CANDIDATE -> MemberRole.CANDIDATE;
            case MEMBER_ROLE_LISTENER -> MemberRole.LISTENER;
            case MEMBER_ROLE_JOINING -> MemberRole.JOINING;
            case MEMBER_ROLE_UNSPECIFIED, UNRECOGNIZED -> MemberRole.UNKNOWN;
        };
    }

    private static Json json(ByteString utf8) {
        return Json.ofTrusted(utf8.toStringUtf8());
    }
}
