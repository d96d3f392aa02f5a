package io.statehouse.client;

import io.statehouse.proto.v1.ChangeMembersRequest;
import io.statehouse.proto.v1.ChangeMembersResponse;
import io.statehouse.proto.v1.ClusterServiceGrpc;
import io.statehouse.proto.v1.ExamineNodeRequest;
import io.statehouse.proto.v1.ExamineNodeResponse;
import io.statehouse.proto.v1.GetClusterStatusRequest;
import io.statehouse.proto.v1.GetClusterStatusResponse;
import io.statehouse.proto.v1.RemoveMember;
import io.statehouse.proto.v1.ReplaceMember;
import io.statehouse.proto.v1.TakeSnapshotRequest;
import io.statehouse.proto.v1.TakeSnapshotResponse;
import io.statehouse.proto.v1.TransferLeadershipRequest;
import io.statehouse.proto.v1.TransferLeadershipResponse;
import io.statehouse.proto.v1.VerifyRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The calls of an operator. Got from {@link StatehouseClient#admin()}, shares its connections and ends with it.
 *
 * <p>Blocking calls throw {@link StatehouseException}; futures end with it.
 */
public final class AdminClient {
    private final Caller caller;

    AdminClient(Caller caller) {
        this.caller = caller;
    }

    /** The cluster as seen by the leader, or by any member that answers. */
    public ClusterStatus clusterStatus() {
        return caller.await(clusterStatusAsync());
    }

    /** As {@link #clusterStatus()}, without waiting. */
    public CompletableFuture<ClusterStatus> clusterStatusAsync() {
        return status(null);
    }

    /**
     * The cluster as seen by the node at one endpoint, and by no other.
     *
     * @param endpoint {@code host:port} of its API
     * @throws StatehouseException.Unavailable if that node does not answer within the call's time
     */
    public ClusterStatus clusterStatusOf(String endpoint) {
        return caller.await(clusterStatusOfAsync(endpoint));
    }

    /** As {@link #clusterStatusOf}, without waiting. */
    public CompletableFuture<ClusterStatus> clusterStatusOfAsync(String endpoint) {
        return status(Endpoint.parse(endpoint));
    }

    /**
     * Hands leadership to a member and waits until it leads.
     *
     * @param nodeId the member; "" = any other voter. Naming it makes the call safe to repeat, and the client then
     *     repeats it as needed
     * @return the member that leads now
     * @throws StatehouseException.Unavailable if it was not done within the call's time, or, for "", if it is not known
     *     whether it was: look at {@link #clusterStatus()}
     */
    public String transferLeadership(String nodeId) {
        return caller.await(transferLeadershipAsync(nodeId));
    }

    /** As {@link #transferLeadership}, without waiting. */
    public CompletableFuture<String> transferLeadershipAsync(String nodeId) {
        var request = TransferLeadershipRequest.newBuilder().setNodeId(nodeId).build();
        var method = ClusterServiceGrpc.getTransferLeadershipMethod();
        return Caller.map(caller.change(method, request, nodeId.isEmpty()), TransferLeadershipResponse::getLeaderId);
    }

    /**
     * Lets a node that lost its disk in again, as a new peer in the place of the old one.
     *
     * <p>Returns when the node holds everything and votes. Copying the state may take longer than a call; the change goes
     * on meanwhile, and asking again waits for it.
     *
     * @param nodeId the voter that is gone; a node of that name waits at its addresses
     * @throws StatehouseException.Refused with {@code CHANGE_REFUSED} if it would be unsafe, nobody is named so, nobody
     *     waits there, or another change is under way; the detail {@code reason} says which
     * @throws StatehouseException.Unavailable if it was not done within the call's time
     */
    public void replaceMember(String nodeId) {
        replaceMember(nodeId, new NewMember("", "", ""));
    }

    /** As {@link #replaceMember(String)}, by any node; what is left empty in it is as the old one has it. */
    public void replaceMember(String nodeId, NewMember successor) {
        change(ChangeMembersRequest.newBuilder()
                .setReplace(ReplaceMember.newBuilder().setNodeId(nodeId).setSuccessor(wire(successor))));
    }

    /** Lets a node in beside the others. As patient and as repeatable as {@link #replaceMember(String)}. */
    public void addMember(NewMember newcomer) {
        change(ChangeMembersRequest.newBuilder().setAdd(wire(newcomer)));
    }

    /**
     * Takes a voter out of the cluster; its process, if it has one, stops. The leader hands leadership over first. One that
     * is no voter already is no error.
     */
    public void removeMember(String nodeId) {
        change(ChangeMembersRequest.newBuilder()
                .setRemove(RemoveMember.newBuilder().setNodeId(nodeId)));
    }

    private void change(ChangeMembersRequest.Builder request) {
        CompletableFuture<ChangeMembersResponse> done =
                caller.change(ClusterServiceGrpc.getChangeMembersMethod(), request.build(), false);
        caller.await(done);
    }

    private static io.statehouse.proto.v1.NewMember wire(NewMember member) {
        return io.statehouse.proto.v1.NewMember.newBuilder()
                .setNodeId(member.nodeId())
                .setRaftAddress(member.raftAddress())
                .setApiAddress(member.apiAddress())
                .build();
    }

    private CompletableFuture<ClusterStatus> status(@Nullable Endpoint only) {
        var method = ClusterServiceGrpc.getGetClusterStatusMethod();
        CompletableFuture<GetClusterStatusResponse> answer =
                caller.ask(method, GetClusterStatusRequest.getDefaultInstance(), only);
        return Caller.map(answer, FromWire::clusterStatus);
    }

    /**
     * Has the node at one endpoint force its state to its disk now and purge its Raft log as far as whole files allow.
     *
     * @param endpoint {@code host:port} of its API
     * @throws StatehouseException.Refused if it keeps its state in memory
     * @throws StatehouseException.Unavailable if it does not answer within the call's time
     */
    public SnapshotResult takeSnapshot(String endpoint) {
        var method = ClusterServiceGrpc.getTakeSnapshotMethod();
        CompletableFuture<TakeSnapshotResponse> answer =
                caller.ask(method, TakeSnapshotRequest.getDefaultInstance(), Endpoint.parse(endpoint));
        return caller.await(Caller.map(
                answer,
                taken -> new SnapshotResult(
                        taken.getNodeId(),
                        taken.getCommitTs(),
                        taken.getLogEntriesPurged(),
                        taken.getLogEntriesKept())));
    }

    /**
     * Asks the node at one endpoint how it is.
     *
     * @param endpoint {@code host:port} of its API
     * @throws StatehouseException.Unavailable if it does not answer within the call's time
     */
    public NodeExamination examine(String endpoint) {
        var method = ClusterServiceGrpc.getExamineNodeMethod();
        long began = System.nanoTime();
        long before = System.currentTimeMillis();
        ExamineNodeResponse answer =
                caller.await(caller.ask(method, ExamineNodeRequest.getDefaultInstance(), Endpoint.parse(endpoint)));
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        return FromWire.examination(answer, before + took.toMillis() / 2, took);
    }

    /**
     * Proves the store of the node at one endpoint against its journal while the node goes on, and waits for the verdict.
     * There is no bound on the whole; a node that says nothing for {@link ClientOptions#streamIdleTimeout()} is given up.
     *
     * @param endpoint {@code host:port} of its API
     * @param fromCommitTs the first commit to prove; 0 = all of them
     * @param progress hears how far it has come, from the thread that called
     * @throws StatehouseException.Unavailable if the node does not answer, or stops, or its store is replaced meanwhile
     */
    public VerifyResult verify(String endpoint, long fromCommitTs, BiConsumer<Long, Long> progress) {
        var request = VerifyRequest.newBuilder().setStartTs(fromCommitTs).build();
        return new Verifying(caller, Endpoint.parse(endpoint)).run(request, progress);
    }

    /**
     * Writes a consistent copy of the state of the node at one endpoint into a directory, while the node goes on. It holds
     * every commit acknowledged before this call. Every file is compared with the checksum that the node sends, and forced to
     * the disk; a backup that comes to no end leaves nothing behind.
     *
     * <p>There is no bound on the whole; a node that says nothing for {@link ClientOptions#streamIdleTimeout()} is given up,
     * once it has begun to send.
     *
     * @param endpoint {@code host:port} of its API
     * @param directory is made; it may exist if it is empty
     * @param progress hears how many bytes have come, and how many there are, from the thread that called
     * @throws IOException if it cannot be written
     * @throws BackupFailedException if what arrives is no sound backup, or the directory is in use
     * @throws StatehouseException.Unavailable if the node does not answer, or stops
     */
    public Backup backup(String endpoint, Path directory, BiConsumer<Long, Long> progress) throws IOException {
        return new BackingUp(caller, Endpoint.parse(endpoint)).run(directory, progress);
    }
}
