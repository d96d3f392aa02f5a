package io.statehouse.client;

import io.statehouse.proto.v1.GetTransactionRequest;
import io.statehouse.proto.v1.HealthRequest;
import io.statehouse.proto.v1.HealthResponse;
import io.statehouse.proto.v1.ResolveTransactionRequest;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import io.statehouse.proto.v1.VersionRequest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a cluster: every call finds the node that can answer it, within its time, and says honestly what
 * became of it.
 *
 * <p>Every call exists twice: one that waits and throws {@link StatehouseException}, and one named {@code …Async} whose
 * future ends with that exception and may be cancelled. A call ends within {@link ClientOptions#callTimeout()}, all its
 * tries together. Reads are linearizable unless they say otherwise. Safe for use by many threads; one client per
 * process and cluster is enough.
 */
public final class StatehouseClient implements AutoCloseable {
    private final Caller caller;
    private final Reads reads;
    private final ToWire toWire;
    private final UuidV7 ids;
    private final boolean isView;

    private StatehouseClient(Caller caller, UuidV7 ids, boolean isView) {
        this.caller = caller;
        this.reads = new Reads(caller);
        this.toWire = new ToWire(caller.options());
        this.ids = ids;
        this.isView = isView;
    }

    /** Opens a client. Nothing is sent before the first call, so a cluster that is away is noticed then. */
    public static StatehouseClient connect(ClientOptions options) {
        return open(options, null);
    }

    /**
     * Opens a client whose futures end on {@code callbacks}, and with them all that hangs on them. Otherwise a pool does
     * that, with a thread for each that is busy. {@code Runnable::run} means the I/O threads: the least work per call,
     * and nothing that hangs on a future may then ever block.
     */
    public static StatehouseClient connect(ClientOptions options, Executor callbacks) {
        return open(options, callbacks);
    }

    private static StatehouseClient open(ClientOptions options, @Nullable Executor callbacks) {
        var caller = new Caller(new Failover(options, callbacks), options);
        return new StatehouseClient(caller, new UuidV7(InstantSource.system(), new SecureRandom()), false);
    }

    /** Opens a client with default options: {@code host:port}, several separated by commas. */
    public static StatehouseClient connect(String endpoints) {
        return connect(ClientOptions.of(endpoints));
    }

    /** The options it was opened with. */
    public ClientOptions options() {
        return caller.options();
    }

    /** This client in another namespace. It shares the connections and ends with this one; closing it does nothing. */
    public StatehouseClient inNamespace(String namespace) {
        return view(options().namespace(namespace));
    }

    /** This client with another time per call. It shares the connections and ends with this one. */
    public StatehouseClient withTimeout(Duration callTimeout) {
        return view(options().callTimeout(callTimeout));
    }

    private StatehouseClient view(ClientOptions changed) {
        return new StatehouseClient(new Caller(caller.failover(), changed), ids, true);
    }

    /** The calls of an operator. */
    public AdminClient admin() {
        return new AdminClient(caller);
    }

    /** The calls about who may do what. */
    public AccessClient access() {
        return new AccessClient(caller, ids);
    }

    /** The agent layer: sessions, events, tools, leases. */
    public AgentClient agentLayer() {
        return new AgentClient(caller, ids);
    }

    /** The calls about the past. */
    public HistoryClient history() {
        return new HistoryClient(caller, ids);
    }

    /** The health of any node that answers: {@code ok} when it serves. */
    public String health() {
        return caller.await(healthAsync());
    }

    /** As {@link #health()}, without waiting. */
    public CompletableFuture<String> healthAsync() {
        var method = StatehouseServiceGrpc.getHealthMethod();
        var answer = caller.read(method, HealthRequest.getDefaultInstance(), Read.local());
        return Caller.map(answer, HealthResponse::getStatus);
    }

    /** What the node that answers is. */
    public ServerVersion version() {
        return caller.await(versionAsync());
    }

    /** As {@link #version()}, without waiting. */
    public CompletableFuture<ServerVersion> versionAsync() {
        var method = StatehouseServiceGrpc.getVersionMethod();
        var answer = caller.read(method, VersionRequest.getDefaultInstance(), Read.local());
        return Caller.map(answer, v -> new ServerVersion(v.getVersion(), v.getGitSha()));
    }

    /**
     * Makes a transaction id (a UUID of version 7). Keep it before a commit, and the commit can be repeated or asked for
     * after a crash of the caller too, for as long as the server keeps ids (24 hours by default).
     */
    public String newTransactionId() {
        return ids.next();
    }

    /**
     * Applies a transaction, all of it or nothing, at most once however often it is sent.
     *
     * @throws StatehouseException.Refused if the server said no, such as with CONFLICT; nothing was applied
     * @throws StatehouseException.Unavailable if nobody could do it in time; nothing was applied
     * @throws StatehouseException.OutcomeUnknown if it was sent and nobody said what became of it
     */
    public CommitResult commit(Commit commit) {
        String id = idOf(commit);
        return caller.await(commitAsync(id, commit), id);
    }

    /** As {@link #commit}, without waiting. */
    public CompletableFuture<CommitResult> commitAsync(Commit commit) {
        return commitAsync(idOf(commit), commit);
    }

    private String idOf(Commit commit) {
        String chosen = commit.id();
        return chosen == null ? newTransactionId() : chosen;
    }

    private CompletableFuture<CommitResult> commitAsync(String id, Commit commit) {
        var answer = caller.commit(toWire.commit(id, commit), id);
        return Caller.map(answer, response -> FromWire.commitResult(id, response));
    }

    /** Puts one value in a transaction of its own; see {@link #commit}. */
    public CommitResult put(String agentId, String key, Json value) {
        return commit(Commit.builder().put(agentId, key, value).build());
    }

    /** As {@link #put}, without waiting. */
    public CompletableFuture<CommitResult> putAsync(String agentId, String key, Json value) {
        return commitAsync(Commit.builder().put(agentId, key, value).build());
    }

    /** Deletes one key in a transaction of its own; see {@link #commit}. Deleting nothing makes a version too. */
    public CommitResult delete(String agentId, String key) {
        return commit(Commit.builder().delete(agentId, key).build());
    }

    /** As {@link #delete}, without waiting. */
    public CompletableFuture<CommitResult> deleteAsync(String agentId, String key) {
        return commitAsync(Commit.builder().delete(agentId, key).build());
    }

    /** What a key holds now. */
    public Entry get(String agentId, String key) {
        return get(StateKey.of(agentId, key), Read.linearizable());
    }

    /**
     * What a key holds, as fresh and at the moment that {@code how} says.
     *
     * @throws StatehouseException.Refused with COMPACTED or FUTURE_POINT if the server has no such moment
     */
    public Entry get(StateKey key, Read how) {
        return caller.await(getAsync(key, how));
    }

    /** As {@link #get(String, String)}, without waiting. */
    public CompletableFuture<Entry> getAsync(String agentId, String key) {
        return getAsync(StateKey.of(agentId, key), Read.linearizable());
    }

    /** As {@link #get(StateKey, Read)}, without waiting. */
    public CompletableFuture<Entry> getAsync(StateKey key, Read how) {
        return reads.get(key, how);
    }

    /** What a key held right after the commit {@code commitTs}. */
    public Entry getAt(String agentId, String key, long commitTs) {
        return get(StateKey.of(agentId, key), Read.linearizable().asOf(commitTs));
    }

    /** What a key held after the latest commit at or before {@code time} (milliseconds count). */
    public Entry getAt(String agentId, String key, Instant time) {
        return get(StateKey.of(agentId, key), Read.linearizable().asOf(time));
    }

    /** What a version of a key held; version 0 in the answer = there is no such version. */
    public Entry getVersion(String agentId, String key, long version) {
        return caller.await(getVersionAsync(StateKey.of(agentId, key), version));
    }

    /** As {@link #getVersion}, without waiting. */
    public CompletableFuture<Entry> getVersionAsync(StateKey key, long version) {
        return reads.getVersion(key, version);
    }

    /** The keys of an agent that hold a value, in ascending order of their UTF-8 bytes. */
    public Listing<String> keys(String agentId) {
        return keys(Range.of(agentId));
    }

    /** The keys of a range that hold a value, in ascending order of their UTF-8 bytes. */
    public Listing<String> keys(Range range) {
        return new Listing<>(caller.await(keysAsync(range)), page -> caller.await(reads.keys(range, page)));
    }

    /** The first page of {@link #keys(Range)}, without waiting. */
    public CompletableFuture<Page<String>> keysAsync(Range range) {
        return reads.keys(range, null);
    }

    /** The page of {@link #keys(Range)} that follows another, without waiting. */
    public CompletableFuture<Page<String>> keysAsync(Range range, Page<String> after) {
        return reads.keys(range, after);
    }

    /** The keys of an agent that start so, with what they hold. */
    public Listing<Entry> scan(String agentId, String prefix) {
        return scan(Range.of(agentId).prefix(prefix));
    }

    /** The keys of a range with what they hold. */
    public Listing<Entry> scan(Range range) {
        return new Listing<>(caller.await(scanAsync(range)), page -> caller.await(reads.scan(range, page)));
    }

    /** The first page of {@link #scan(Range)}, without waiting. */
    public CompletableFuture<Page<Entry>> scanAsync(Range range) {
        return reads.scan(range, null);
    }

    /** The page of {@link #scan(Range)} that follows another, without waiting. */
    public CompletableFuture<Page<Entry>> scanAsync(Range range, Page<Entry> after) {
        return reads.scan(range, after);
    }

    /** The agents of the namespace that have ever been written to. */
    public Listing<String> agents() {
        return agents(Range.agents());
    }

    /** The agents of the namespace whose ids start with the range's prefix; its agentId is not looked at. */
    public Listing<String> agents(Range range) {
        return new Listing<>(caller.await(agentsAsync(range)), page -> caller.await(reads.agents(range, page)));
    }

    /** The first page of {@link #agents(Range)}, without waiting. */
    public CompletableFuture<Page<String>> agentsAsync(Range range) {
        return reads.agents(range, null);
    }

    /** All namespaces that have ever been written to. */
    public List<String> namespaces() {
        return caller.await(namespacesAsync());
    }

    /** As {@link #namespaces()}, without waiting. */
    public CompletableFuture<List<String>> namespacesAsync() {
        return reads.namespaces();
    }

    /** The events of a query, one after another, from as many nodes as it takes. Close it. */
    public Replay replay(ReplayQuery query) {
        return new Replay(caller, toWire.replay(query));
    }

    /** The same for reactive code: every subscription is a replay of its own and gets as many events as it asks for. */
    public Flow.Publisher<Event> replayPublisher(ReplayQuery query) {
        return subscriber ->
                new EventSubscription(caller, new ReplayPosition(toWire.replay(query)), subscriber).start();
    }

    /**
     * What is committed, as it happens, from as many nodes as it takes. Without a start, what commits after this call has
     * returned is delivered. Close it.
     *
     * @throws StatehouseException.Unavailable if no node takes it within the call's time
     */
    public Watch watch(WatchQuery query) {
        return Watch.open(caller, toWire.watch(query));
    }

    /** The same for reactive code: every subscription is a watch of its own and gets as many events as it asks for. */
    public Flow.Publisher<Event> watchPublisher(WatchQuery query) {
        return subscriber -> new EventSubscription(caller, new WatchPosition(toWire.watch(query)), subscriber).start();
    }

    /** What became of a transaction id. Changes nothing: UNKNOWN may still become COMMITTED; see {@link #resolve}. */
    public TransactionFate transaction(String transactionId) {
        return caller.await(transactionAsync(transactionId));
    }

    /** As {@link #transaction}, without waiting. */
    public CompletableFuture<TransactionFate> transactionAsync(String transactionId) {
        var request = GetTransactionRequest.newBuilder().setTxnId(transactionId).build();
        var answer = caller.ask(StatehouseServiceGrpc.getGetTransactionMethod(), request, null);
        return Caller.map(answer, fate -> FromWire.fate(transactionId, fate));
    }

    /**
     * Ends doubt: the fate of a transaction id, which is made ABORTED for good if it has none yet.
     *
     * @throws StatehouseException.OutcomeUnknown if nobody answered in time; it may be called again
     */
    public TransactionFate resolve(String transactionId) {
        return caller.await(resolveAsync(transactionId), transactionId);
    }

    /** As {@link #resolve}, without waiting. */
    public CompletableFuture<TransactionFate> resolveAsync(String transactionId) {
        var request =
                ResolveTransactionRequest.newBuilder().setTxnId(transactionId).build();
        var answer = caller.write(StatehouseServiceGrpc.getResolveTransactionMethod(), request, transactionId);
        return Caller.map(answer, fate -> FromWire.fate(transactionId, fate));
    }

    /** Begins a transaction of reads and writes. Nothing is sent; close it. */
    public Transaction begin() {
        return new Transaction(this, newTransactionId());
    }

    /**
     * Runs a body in a transaction and commits it; after a conflict runs it again, on what holds then, as often as
     * {@link RetryPolicy#conflictTriesMax()} says. The body must have no other effects than through its transaction.
     *
     * @return what the body returned, on the run that was committed
     * @throws StatehouseException.Refused with CONFLICT if every run met one
     * @throws StatehouseException.OutcomeUnknown if the commit was sent and nobody said what became of it; the body is
     *     not run again
     */
    public <T> T transact(Function<Transaction, T> body) {
        return new ConflictLoop(caller).run(() -> runOnce(body));
    }

    private <T> T runOnce(Function<Transaction, T> body) {
        try (Transaction transaction = begin()) {
            T result = body.apply(transaction);
            if (!transaction.isCommitted()) {
                transaction.commit();
            }
            return result;
        }
    }

    /** Ends all running calls and replays, and every view of this client; lets all connections and threads go. */
    @Override
    public void close() {
        if (!isView) {
            caller.failover().close();
        }
    }
}
