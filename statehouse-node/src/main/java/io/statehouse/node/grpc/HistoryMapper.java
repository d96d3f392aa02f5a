package io.statehouse.node.grpc;

import com.google.protobuf.ByteString;
import io.statehouse.node.config.NodeLimits;
import io.statehouse.node.service.DiffService;
import io.statehouse.node.service.ReadPoint;
import io.statehouse.node.service.Refusals;
import io.statehouse.node.service.RevertService;
import io.statehouse.node.service.VersionService;
import io.statehouse.proto.v1.DiffRequest;
import io.statehouse.proto.v1.DiffResponse;
import io.statehouse.proto.v1.DiffSide;
import io.statehouse.proto.v1.KeyDiff;
import io.statehouse.proto.v1.KeyVersion;
import io.statehouse.proto.v1.ListVersionsRequest;
import io.statehouse.proto.v1.ListVersionsResponse;
import io.statehouse.proto.v1.RevertRequest;
import io.statehouse.proto.v1.RevertResponse;
import io.statehouse.proto.v1.VerifyRequest;
import io.statehouse.proto.v1.VerifyResponse;
import io.statehouse.proto.v1.VerifyVerdict;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.history.Verification;
import io.statehouse.statemachine.state.Entry;
import org.jspecify.annotations.Nullable;

/** Requests and answers about the past, in the words of the service and of the wire. */
final class HistoryMapper {
    private static final int VERSIONS_PER_PAGE = 100;

    /** Room for what a message says besides its items. */
    private static final int HEAD_BYTES = 16 << 10;

    private final int responseBytesMax;

    HistoryMapper(NodeLimits limits) {
        this.responseBytesMax = limits.responseBytesMax();
    }

    static VersionService.Query versions(ListVersionsRequest request) {
        Key key = ApiMapper.key(request.getNamespace(), request.getAgentId(), request.getKey());
        int versionsMax = request.getPageSize() == 0 ? VERSIONS_PER_PAGE : request.getPageSize();
        if (versionsMax < 0) {
            throw Refusals.limitExceeded(
                    "page_size", VersionService.PAGE_SIZE_MAX, Integer.toUnsignedLong(versionsMax));
        }
        if (request.getPageToken().isEmpty()) {
            return new VersionService.Query(
                    key, ApiMapper.readPoint(request.getOptions()), Long.MAX_VALUE, versionsMax);
        }
        PageToken token = PageToken.decode(request.getPageToken());
        return new VersionService.Query(key, pointOf(token.at()), number(token.after()), versionsMax);
    }

    /** Later pages look at the commit the first one looked at. */
    private static ReadPoint pointOf(CommitTs at) {
        return new ReadPoint(new ReadPoint.Freshness.AtLeast(at), new ReadPoint.Moment.AtCommit(at));
    }

    ListVersionsResponse versions(ListVersionsRequest request, VersionService.Versions versions) {
        boolean wantsStruct = ApiMapper.wantsStruct(request.getOptions());
        ListVersionsResponse.Builder response =
                ListVersionsResponse.newBuilder().setReadTs(versions.at().value());
        long next = versions.next();
        long size = HEAD_BYTES;
        for (VersionService.Made made : versions.versions()) {
            KeyVersion version = version(made, request.getValues(), wantsStruct);
            size += version.getSerializedSize();
            if (size > responseBytesMax && response.getVersionsCount() > 0) {
                next = made.entry().version();
                break;
            }
            response.addVersions(version);
        }
        String token = next == 0 ? "" : new PageToken(versions.at(), Long.toString(next)).encode();
        return response.setNextPageToken(token).build();
    }

    private static KeyVersion version(VersionService.Made made, boolean hasValue, boolean wantsStruct) {
        Entry entry = made.entry();
        KeyVersion.Builder version = KeyVersion.newBuilder()
                .setVersion(entry.version())
                .setCommitTs(entry.commitTs().value())
                .setWallTimeMs(entry.wallMillis())
                .setTxnId(entry.txnId().value())
                .setOrigin(EventMapper.origin(made.origin()))
                .setExists(!entry.isTombstone());
        Json value = hasValue ? entry.value() : null;
        if (value != null && wantsStruct) {
            version.setValue(StructJson.toStruct(value));
        } else if (value != null) {
            version.setJson(AnswerMapper.bytes(value));
        }
        return version.build();
    }

    static DiffService.Query diff(DiffRequest request) {
        ReadPoint.Freshness freshness = ApiMapper.freshness(request.getOptions());
        DiffService.Side before = side(request.getBefore());
        DiffService.Side after = side(request.getAfter());
        if (request.getPageSize() < 0) {
            throw Refusals.invalid("page_size", "too large");
        }
        if (request.getPageToken().isEmpty()) {
            return new DiffService.Query(before, after, freshness, null, request.getPageSize());
        }
        PageToken outer = PageToken.decode(request.getPageToken());
        PageToken inner = PageToken.decode(outer.after());
        return new DiffService.Query(
                at(before, outer.at()),
                at(after, inner.at()),
                new ReadPoint.Freshness.AtLeast(outer.at().isAfter(inner.at()) ? outer.at() : inner.at()),
                inner.after(),
                request.getPageSize());
    }

    private static DiffService.Side side(DiffSide side) {
        return new DiffService.Side(
                ApiMapper.agent(side.getNamespace(), side.getAgentId()),
                side.getKey().isEmpty() ? null : side.getKey(),
                side.hasVersion() ? versionOf(side.getVersion()) : 0,
                ApiMapper.moment(side.getPoint()));
    }

    private static long versionOf(long version) {
        if (version == 0) {
            throw Refusals.invalid("version", "versions are counted from 1");
        }
        return ApiMapper.unsigned(version);
    }

    private static DiffService.Side at(DiffService.Side side, CommitTs at) {
        return new DiffService.Side(side.agent(), side.key(), side.version(), new ReadPoint.Moment.AtCommit(at));
    }

    static DiffResponse differences(DiffService.Differences differences) {
        DiffResponse.Builder response = DiffResponse.newBuilder()
                .setBeforeTs(differences.before().value())
                .setAfterTs(differences.after().value());
        differences.keys().forEach(difference -> response.addKeys(difference(difference)));
        String next = differences.next();
        if (next != null) {
            String inner = new PageToken(differences.after(), next).encode();
            response.setNextPageToken(new PageToken(differences.before(), inner).encode());
        }
        return response.build();
    }

    private static KeyDiff difference(DiffService.Difference difference) {
        KeyDiff.Builder key = KeyDiff.newBuilder()
                .setKey(difference.key())
                .setVersionBefore(difference.versionBefore())
                .setVersionAfter(difference.versionAfter());
        @Nullable Json patch = difference.patch();
        return patch == null
                ? key.setDeleted(true).build()
                : key.setJsonPatch(AnswerMapper.bytes(patch)).build();
    }

    static RevertService.Request revert(RevertRequest request) {
        return new RevertService.Request(
                ApiMapper.agent(request.getNamespace(), request.getAgentId()),
                request.getKey().isEmpty() ? null : request.getKey(),
                ApiMapper.moment(request.getTo()),
                ApiMapper.unsigned(request.getToVersion()),
                new TxnId(request.getTxnId()),
                ApiMapper.origin(request.getOrigin()));
    }

    static RevertResponse reverted(RevertService.Reverted reverted) {
        return RevertResponse.newBuilder()
                .setCommitTs(reverted.reply().commitTs().value())
                .setWallTimeMs(reverted.reply().wallMillis())
                .setReplayed(reverted.reply().isReplayed())
                .addAllChangedKeys(reverted.changedKeys())
                .build();
    }

    static CommitTs start(VerifyRequest request) {
        return new CommitTs(ApiMapper.unsigned(request.getStartTs()));
    }

    static VerifyResponse progress(Verification.Progress progress) {
        VerifyResponse.Builder response = VerifyResponse.newBuilder()
                .setVerifiedTs(progress.verified().value())
                .setTargetTs(progress.target().value());
        Verification.Verdict verdict = progress.verdict();
        if (verdict != null) {
            CommitTs firstBad = verdict.firstBad();
            response.setVerdict(VerifyVerdict.newBuilder()
                    .setIntact(verdict.isIntact())
                    .setFirstBadTs(firstBad == null ? 0 : firstBad.value())
                    .setReason(verdict.reason())
                    .setChainHash(ByteString.copyFrom(verdict.chainHash()))
                    .setDigest(ByteString.copyFrom(verdict.digest())));
        }
        return response.build();
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw Refusals.invalid("page_token", "not a token of this service");
        }
    }
}
