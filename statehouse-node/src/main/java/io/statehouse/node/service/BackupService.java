package io.statehouse.node.service;

import io.statehouse.raft.ClusterView;
import io.statehouse.raft.ReplicatedLog;
import io.statehouse.raft.StateCopy;
import io.statehouse.statemachine.Grant;
import io.statehouse.statemachine.Role;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes copies of this node's own state for operators, while the node goes on. */
public final class BackupService {
    /** Each reads the whole state, and keeps files on the disk that the store would like to drop. */
    private static final int AT_ONCE_MAX = 1;

    private final StateService state;
    private final ReplicatedLog log;
    private final AccessPolicy policy;
    private final AtomicInteger running = new AtomicInteger();

    public BackupService(StateService state, StateService.Node node) {
        this.state = state;
        this.log = node.log();
        this.policy = node.policy();
    }

    /** A copy that holds every commit acknowledged before this call. Close it. */
    public CompletableFuture<Backup> begin(Caller caller) {
        policy.require(caller, Role.OPERATOR, Grant.EVERYWHERE);
        int count = running.incrementAndGet();
        try {
            if (count > AT_ONCE_MAX) {
                throw Refusals.overloaded("backupsMax", AT_ONCE_MAX, count);
            }
            return state.fresh(caller, ReadPoint.NOW)
                    .thenApplyAsync(
                            ignored -> {
                                policy.require(caller, Role.OPERATOR, Grant.EVERYWHERE);
                                return new Backup(log.cluster(), log.copy());
                            },
                            BackupService::onThreadOfItsOwn)
                    .whenComplete((backup, failure) -> {
                        if (failure != null) {
                            running.decrementAndGet();
                        }
                    });
        } catch (RuntimeException e) {
            running.decrementAndGet();
            throw e;
        }
    }

    /** All of the state is read while the copy is made: too long for a thread that others wait for. */
    private static void onThreadOfItsOwn(Runnable act) {
        Thread.ofPlatform().name("statehouse-backup").daemon().start(act);
    }

    /** A backup on its way, for one thread at a time. */
    public final class Backup implements AutoCloseable {
        private final ClusterView cluster;
        private final StateCopy copy;
        private boolean isClosed;

        private Backup(ClusterView cluster, StateCopy copy) {
            this.cluster = cluster;
            this.copy = copy;
        }

        /** The cluster and the node it comes from. */
        public ClusterView cluster() {
            return cluster;
        }

        /** What is sent. */
        public StateCopy copy() {
            return copy;
        }

        @Override
        public void close() {
            if (!isClosed) {
                isClosed = true;
                running.decrementAndGet();
                copy.close();
            }
        }
    }
}
