package io.statehouse.raft;

import io.statehouse.raft.disk.DiskGuard;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.decide.Reply;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a member that runs, made in the order of the constructor and closed in reverse. */
final class RunningMember implements RatisStateMachine.Callbacks, GroupCommit.Leadership, Upkeep.Watched {
    private static final Logger LOG = LoggerFactory.getLogger(RunningMember.class);

    private final RaftOptions options;
    private final Halt halt;
    private final DiskGuard guard;
    private final UUID clusterId;
    private final ExecutorService repliesThread;
    private final Replica replica;
    private final SnapshotDirectory directory;
    private final AppenderRegistry registry = new AppenderRegistry();
    private final ReadBarrier barrier;
    private final PeerLink link;
    private final ReadRoute reads;
    private final ClusterClock clock;
    private final ClockRounds clockRounds;
    private final GroupCommit proposals;
    private final SnapshotSender sender;
    private final SnapshotInstall install;
    private final RaftServer server;
    private final RaftServer.Division division;
    private final OwnRequests requests;
    private final StateFlusher flusher;
    private final Upkeep upkeep;
    private final FeatureLevels features;
    private final Membership membership;
    private final Farewell farewell;
    private final Watchdog watchdog;
    private final ReentrantLock transferLock = new ReentrantLock();
    private volatile boolean isClosing;

    /**
     * What a member is told from outside.
     *
     * @param observer hears what the log does
     * @param change may alter what {@link RaftSettings} chose, before it is checked; tests show so what a setting does
     */
    record Surroundings(
            Clock clock, RandomGenerator random, Halt halt, LogObserver observer, Consumer<RaftProperties> change) {}

    RunningMember(RaftOptions options, Surroundings surroundings, DiskGuard guard) throws IOException {
        this.options = options;
        this.halt = surroundings.halt;
        this.guard = guard;
        this.clusterId = Objects.requireNonNull(guard.identity().clusterId(), "the guard knows the cluster");
        String id = options.self().id();
        this.repliesThread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name(id + "-replies").daemon().factory());
        this.replica = new Replica(halt, repliesThread, surroundings.observer, options.featureLevelMax());
        this.directory = new SnapshotDirectory(guard.stateDirectory(), options.limits(), halt);
        directory.prepare();
        guard.proveLog(replica.open(directory));

        this.barrier = new ReadBarrier(this::division, registry, options.electionTimeoutMax());
        this.link = new PeerLink(clusterId, options.tls(), options.electionTimeoutMax());
        this.reads = new ReadRoute(
                new ReadRoute.Stations(this::division, barrier, link, replica),
                options.electionTimeoutMax().multipliedBy(2));
        this.clock = new ClusterClock(surroundings.clock, System::nanoTime);
        var stamps = new LeaderStamp(clock, surroundings.random);
        this.proposals = new GroupCommit(
                new GroupCommit.Wiring(options, stamps, surroundings, repliesThread), this::submit, this);
        replica.onApplied(proposals::applied);
        this.sender = new SnapshotSender(id, replica, directory);
        this.install = new SnapshotInstall(id, link::fetchSnapshot, replica, directory, guard);
        this.server = buildServer(new RatisStateMachine(replica, directory, this, halt), surroundings.change);
        this.division = server.getDivision(RaftGroupId.valueOf(clusterId));
        this.requests = new OwnRequests(server, division);
        this.flusher = new StateFlusher(
                options,
                replica,
                guard,
                halt,
                new StateFlusher.RaftLogView(() -> division.getRaftLog(), requests::purgeLog));
        this.upkeep = new Upkeep(id, clock, this, this::proposeUnasked);
        this.clockRounds = new ClockRounds(id, clock, link, () -> Members.otherVoters(division()));
        this.features = new FeatureLevels(options, link, featuresOf(replica, division));
        this.membership = new Membership(
                new Membership.Cluster(clusterId, options.tls(), features::requireKnownTo),
                division,
                registry,
                options.electionTimeoutMax());
        this.farewell = new Farewell(options, division, link, guard, halt);
        this.watchdog = new Watchdog(
                id, this::division, replica, new Watchdog.Control(proposals::isAlive, farewell::end, halt));
    }

    private FeatureLevels.Cluster featuresOf(Replica own, RaftServer.Division known) {
        return new FeatureLevels.Cluster(
                own,
                this,
                () -> Members.others(known),
                () -> !cluster().newcomers().isEmpty(),
                this::proposeUnasked);
    }

    private RaftServer buildServer(RatisStateMachine stateMachine, Consumer<RaftProperties> change) throws IOException {
        RaftProperties properties = RaftSettings.of(options, guard.raftDirectory());
        change.accept(properties);
        SettingsCheck.check(properties, guard.raftDirectory());
        var parameters = new Parameters();
        parameters.put(BarrierRpcType.REGISTRY, registry, AppenderRegistry.class);
        GrpcConfigKeys.Server.setServicesCustomizer(
                parameters,
                new PeerService(
                        new PeerService.Self(clusterId, guard.identity().peerId(), options.tls()),
                        new PeerService.Answers(
                                barrier::confirmToAll,
                                sender::send,
                                clock::ownMillis,
                                peer -> Members.isMember(division(), peer),
                                options.featureLevelMax()),
                        List.of(guard.identityService())));
        options.tls().tell(parameters);
        // A peer that was not there when the cluster began learns from the leader who belongs to it.
        List<RaftPeer> peers = guard.identity().isFounder()
                ? options.members().stream().map(Members::peer).toList()
                : List.of();
        return RaftServer.newBuilder()
                .setServerId(RaftPeerId.valueOf(guard.identity().peerId()))
                .setGroup(RaftGroup.valueOf(RaftGroupId.valueOf(clusterId), peers))
                .setStateMachine(stateMachine)
                .setProperties(properties)
                .setParameters(parameters)
                .setOption(RaftStorage.StartupOption.RECOVER)
                .build();
    }

    void start() throws IOException {
        server.start();
        clockRounds.start();
        proposals.start();
        flusher.start();
        upkeep.start();
        watchdog.start();
        farewell.start();
        features.start();
        LOG.info(
                "member runs member={} cluster={} commit_ts={}",
                options.self().id(),
                clusterId,
                replica.commits().reached());
    }

    RaftServer.Division division() {
        return division;
    }

    Replica replica() {
        return replica;
    }

    AppenderRegistry registry() {
        return registry;
    }

    boolean isMember() {
        return farewell.isMember();
    }

    CompletableFuture<Reply> propose(Command command) {
        features.requireInForce(command);
        return proposals.propose(PendingCommand.of(command));
    }

    /** Proposes what no caller waits for: whether it gets into the log is not of interest, the next one is like it. */
    private void proposeUnasked(Command command) {
        var unused = propose(command);
    }

    CompletableFuture<Void> awaitReadable() {
        return reads.awaitReadable();
    }

    CompletableFuture<SnapshotTaken> takeSnapshot() {
        return flusher.flushNow();
    }

    StateCopy copy() {
        try {
            return replica.copy(directory);
        } catch (IOException | StoreFailedException e) {
            throw new LogException.Unavailable("the state cannot be copied: " + e.getMessage(), e);
        }
    }

    ClusterView cluster() {
        return new ClusterPicture(clusterId, options.self(), division, replica, sender.sending()).of(registry);
    }

    CompletableFuture<RaftClientReply> submit(long batchId, byte[] entry) throws IOException {
        return requests.submit(batchId, entry);
    }

    @Override
    public boolean isLeading() {
        return division.getInfo().isLeaderReady();
    }

    @Override
    public <T> T query(Function<StateMachine, T> question) {
        return replica.query(question);
    }

    @Override
    public LogException refusal() {
        return RatisFailures.notLeading(division);
    }

    @Override
    public LogException refusal(@Nullable Throwable cause) {
        return RatisFailures.refused(division, cause);
    }

    @Override
    public @Nullable BatchInFlight proposed(long batchId) {
        return proposals.find(batchId);
    }

    @Override
    public void onLeaderReady() {
        LOG.info(
                "this member leads member={} term={} commit_ts={}",
                options.self().id(),
                division.getInfo().getCurrentTerm(),
                replica.commits().reached());
        // At once, but in the first moments of a process.
        var unused = clock.agreed().thenRun(this::openIfLeading);
    }

    private void openIfLeading() {
        if (division.getInfo().isLeader()) {
            proposals.open();
        }
    }

    @Override
    public void onNotLeader() {
        LOG.info("this member leads no more member={}", options.self().id());
        proposals.stop();
        barrier.onNotLeader();
    }

    @Override
    public CompletableFuture<TermIndex> fetchSnapshot(Member leader, TermIndex firstInLog) {
        return install.start(leader, firstInLog);
    }

    @Override
    public void onTruncate(long fromIndex) {
        guard.recordTruncation(fromIndex);
    }

    @Override
    public void onClosed() {
        if (!isClosing) {
            // Ratis closes a replica that its cluster goes on without, and one that it cannot keep alive.
            farewell.end();
        }
        replica.close(new LogException.Unavailable("this member is closed", null));
    }

    /** Blocks while newcomers are asked who they are. */
    CompletableFuture<Void> change(MembershipChange change) {
        try {
            return membership.change(change, requests.nextCallId());
        } catch (IOException e) {
            throw RatisFailures.notChanged(e);
        }
    }

    /** Refuses a change that would be refused now. Blocks while it asks newcomers. */
    void requirePossible(MembershipChange change) {
        membership.requirePossible(change);
    }

    /** Blocks until another member leads, and returns its id; one at a time. */
    String transferLeadership(@Nullable String memberId) throws InterruptedException {
        if (!transferLock.tryLock()) {
            throw new LogException.Unavailable("leadership is being handed over already", null);
        }
        try {
            var timeout = options.electionTimeoutMax().multipliedBy(2);
            return new LeadershipTransfer(division, registry, proposals, timeout).run(memberId);
        } finally {
            transferLock.unlock();
        }
    }

    /** Leaves as if the process had been killed, as far as this can be done from inside: for tests. */
    void abandon() {
        closeThreads();
        boolean unused = closeServer();
        guard.close();
    }

    /** Hands leadership over, forces the state to the disk, and leaves. */
    void close() {
        handOverIfLeading();
        closeThreads();
        replica.makeDurable();
        // Only a log that was closed in order holds all that was written to it.
        if (closeServer()) {
            guard.recordCleanStop();
        }
        guard.close();
        LOG.info("member left member={}", options.self().id());
    }

    private void closeThreads() {
        isClosing = true;
        watchdog.close();
        farewell.close();
        features.close();
        upkeep.close();
        flusher.close();
    }

    private void handOverIfLeading() {
        try {
            if (division.getInfo().isLeader()
                    && division.getRaftConf().getCurrentPeers().size() > 1) {
                transferLeadership(null);
            }
        } catch (LogException e) {
            LOG.warn(
                    "leaving without a successor member={} reason={}",
                    options.self().id(),
                    e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean closeServer() {
        clockRounds.close();
        proposals.close();
        sender.close();
        install.close();
        boolean isInOrder = true;
        try {
            server.close();
        } catch (IOException | RuntimeException e) {
            isInOrder = false;
            LOG.warn("Ratis did not close cleanly member={}", options.self().id(), e);
        }
        link.close();
        repliesThread.shutdown();
        return isInOrder;
    }
}
