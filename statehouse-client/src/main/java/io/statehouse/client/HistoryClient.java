package io.statehouse.client;

import io.statehouse.proto.v1.DiffRequest;
import io.statehouse.proto.v1.ExplainRequest;
import io.statehouse.proto.v1.ExplainResponse;
import io.statehouse.proto.v1.GetRetentionRequest;
import io.statehouse.proto.v1.HistoryServiceGrpc;
import io.statehouse.proto.v1.ListVersionsRequest;
import io.statehouse.proto.v1.SetRetentionRequest;
import io.statehouse.proto.v1.VersionRef;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The calls about the past. Got from {@link StatehouseClient#history()}, shares its connections and ends with it.
 *
 * <p>Blocking calls throw {@link StatehouseException}; futures end with it.
 */
public final class HistoryClient {
    private final Caller caller;
    private final UuidV7 ids;

    HistoryClient(Caller caller, UuidV7 ids) {
        this.caller = caller;
        this.ids = ids;
    }

    /** The versions of a key with their values, newest first. */
    public Listing<KeyVersion> versions(String agentId, String key) {
        return versions(VersionQuery.of(StateKey.of(agentId, key)));
    }

    /** The versions of a key, newest first; a value only where asked for. */
    public Listing<KeyVersion> versions(VersionQuery query) {
        return new Listing<>(caller.await(versionsAsync(query)), page -> caller.await(versions(query, page)));
    }

    /** The first page of {@link #versions(VersionQuery)}, without waiting. */
    public CompletableFuture<Page<KeyVersion>> versionsAsync(VersionQuery query) {
        return versions(query, null);
    }

    private CompletableFuture<Page<KeyVersion>> versions(VersionQuery query, @Nullable Page<?> after) {
        StateKey key = query.key().in(namespace());
        // Later pages look at the cut of the first, wherever they are asked for.
        Read how = after == null ? query.read() : query.read().butAtLeast(after.readTs());
        var request = ListVersionsRequest.newBuilder()
                .setNamespace(key.namespace())
                .setAgentId(key.agentId())
                .setKey(key.key())
                .setValues(query.hasValues())
                .setPageSize(query.pageSize() == 0 ? caller.options().pageSize() : query.pageSize())
                .setPageToken(after == null ? "" : after.nextToken())
                .setOptions(ToWire.read(how))
                .build();
        var answer = caller.read(HistoryServiceGrpc.getListVersionsMethod(), request, how);
        return Caller.map(
                answer,
                page -> new Page<>(
                        page.getVersionsList().stream()
                                .map(FromWire::keyVersion)
                                .toList(),
                        page.getReadTs(),
                        page.getNextPageToken()));
    }

    /**
     * What makes the state {@code after} of the state {@code before}: two versions of a key, one agent at two moments, or
     * two agents.
     *
     * @throws StatehouseException.Refused with VERSION_NOT_FOUND, COMPACTED or FUTURE_POINT if there is no such side
     */
    public Diff diff(DiffSide before, DiffSide after) {
        return new Comparison(before, after).run();
    }

    /** A comparison, page by page. */
    private final class Comparison {
        private final DiffSide before;
        private final DiffSide after;

        Comparison(DiffSide before, DiffSide after) {
            this.before = before;
            this.after = after;
        }

        private Diff run() {
            var first = caller.await(ask(""));
            return new Diff(page(first), first.getBeforeTs(), page -> page(caller.await(ask(page.nextToken()))));
        }

        private CompletableFuture<io.statehouse.proto.v1.DiffResponse> ask(String token) {
            Read how = Read.linearizable();
            var request = DiffRequest.newBuilder()
                    .setBefore(ToWire.side(before, namespace()))
                    .setAfter(ToWire.side(after, namespace()))
                    .setOptions(ToWire.read(how))
                    .setPageSize(caller.options().pageSize())
                    .setPageToken(token)
                    .build();
            return caller.read(HistoryServiceGrpc.getDiffMethod(), request, how);
        }

        private Page<KeyDiff> page(io.statehouse.proto.v1.DiffResponse answer) {
            return new Page<>(
                    answer.getKeysList().stream().map(FromWire::keyDiff).toList(),
                    answer.getAfterTs(),
                    answer.getNextPageToken());
        }
    }

    /**
     * Puts a key or an agent back to what it was, as a new commit; what is in history stays there.
     *
     * <p>A key that another transaction changes while the server compares is a conflict; then it is tried again under another
     * id, as often as {@link RetryPolicy#conflictTriesMax()} says. With an id of the caller's it is tried once.
     *
     * @throws StatehouseException.Refused with CONFLICT if every try met one; nothing was applied
     * @throws StatehouseException.OutcomeUnknown if it was sent and nobody said what became of it
     */
    public RevertResult revert(Revert revert) {
        if (!revert.id().isEmpty()) {
            return revertOnce(revert.id(), revert);
        }
        return new ConflictLoop(caller).run(() -> revertOnce(ids.next(), revert));
    }

    private RevertResult revertOnce(String id, Revert revert) {
        return caller.await(revertAsync(id, revert), id);
    }

    private CompletableFuture<RevertResult> revertAsync(String id, Revert revert) {
        var request = new ToWire(caller.options()).revert(id, revert);
        var answer = caller.write(HistoryServiceGrpc.getRevertMethod(), request, id);
        return Caller.map(answer, response -> FromWire.revertResult(id, response));
    }

    /**
     * What a transaction wrote and what it had read, as it was then.
     *
     * @param hasDownstream also name the later transactions that had read what it wrote; all of them, page by page
     * @throws StatehouseException.Refused with TRANSACTION_NOT_FOUND if none was committed under the id
     */
    public Explanation explain(String transactionId, boolean hasDownstream) {
        return explain(ExplainRequest.newBuilder().setTxnId(transactionId), hasDownstream);
    }

    /**
     * The same for the transaction that made a version of a key.
     *
     * @throws StatehouseException.Refused with VERSION_NOT_FOUND if there is no such version
     */
    public Explanation explain(StateKey key, long version, boolean hasDownstream) {
        StateKey full = key.in(namespace());
        var ref = VersionRef.newBuilder()
                .setNamespace(full.namespace())
                .setAgentId(full.agentId())
                .setKey(full.key())
                .setVersion(version);
        return explain(ExplainRequest.newBuilder().setVersion(ref), hasDownstream);
    }

    private Explanation explain(ExplainRequest.Builder request, boolean hasDownstream) {
        Read how = Read.linearizable();
        request.setDownstream(hasDownstream).setOptions(ToWire.read(how));
        ExplainResponse first = explain(request.build(), how);
        List<Explanation.DownstreamRead> downstream = new ArrayList<>();
        ExplainResponse page = first;
        while (true) {
            page.getDownstreamList().stream().map(FromWire::downstream).forEach(downstream::add);
            if (page.getNextDownstreamPageToken().isEmpty()) {
                return FromWire.explanation(first, downstream);
            }
            page = explain(
                    request.setDownstreamPageToken(page.getNextDownstreamPageToken())
                            .build(),
                    how);
        }
    }

    private ExplainResponse explain(ExplainRequest request, Read how) {
        return caller.await(caller.read(HistoryServiceGrpc.getExplainMethod(), request, how));
    }

    /** How much of its past a namespace keeps, and since when it can be read. */
    public Retention retention(String namespace) {
        Read how = Read.linearizable();
        var request = GetRetentionRequest.newBuilder()
                .setNamespace(namespace)
                .setOptions(ToWire.read(how))
                .build();
        return FromWire.retention(
                namespace, caller.await(caller.read(HistoryServiceGrpc.getGetRetentionMethod(), request, how)));
    }

    /**
     * Has a namespace keep as much of its past as a policy says from now on. What was let go does not come back, and reads
     * below the floor are refused with COMPACTED.
     *
     * @throws StatehouseException.Refused with LIMIT_EXCEEDED if an age or the number of namespaces passes its limit
     * @throws StatehouseException.OutcomeUnknown if it was sent and nobody said what became of it
     */
    public void setRetention(String namespace, RetentionPolicy policy) {
        String id = ids.next();
        var request = SetRetentionRequest.newBuilder()
                .setNamespace(namespace)
                .setPolicy(ToWire.policy(policy))
                .setTxnId(id)
                .build();
        caller.await(caller.write(HistoryServiceGrpc.getSetRetentionMethod(), request, id), id);
    }

    private String namespace() {
        return caller.options().namespace();
    }
}
