package io.statehouse.node.service;

import io.statehouse.raft.ReplicatedLog;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Grant;
import io.statehouse.statemachine.Role;
import io.statehouse.statemachine.history.Verification;
import java.util.concurrent.atomic.AtomicInteger;

/** Proves this node's own store against its journal, while the node goes on. */
public final class VerifyService {
    /** Each reads the whole store and keeps one moment of it on disk. */
    private static final int AT_ONCE_MAX = 2;

    /** Commits or versions per step: short enough for a thread that others wait for. */
    private static final int ROWS_PER_STEP = 512;

    private final ReplicatedLog log;
    private final AccessPolicy policy;
    private final AtomicInteger running = new AtomicInteger();

    public VerifyService(StateService.Node node) {
        this.log = node.log();
        this.policy = node.policy();
    }

    /** Begins to prove everything from a commit on, as of now. Close it. */
    public Proof begin(Caller caller, CommitTs from) {
        policy.require(caller, Role.OPERATOR, Grant.EVERYWHERE);
        int count = running.incrementAndGet();
        try {
            if (count > AT_ONCE_MAX) {
                throw Refusals.overloaded("verificationsMax", AT_ONCE_MAX, count);
            }
            return log.query(machine -> {
                CommitTs latest = machine.view().at();
                if (from.isAfter(latest)) {
                    throw Refusals.future(from, latest);
                }
                return new Proof(machine.verify(from));
            });
        } catch (RuntimeException e) {
            running.decrementAndGet();
            throw e;
        }
    }

    /** A proof on its way, for one thread at a time. */
    public final class Proof implements AutoCloseable {
        private final Verification verification;
        private boolean isClosed;

        private Proof(Verification verification) {
            this.verification = verification;
        }

        /** Goes on for a bounded number of rows; with a verdict in it there is nothing more to do. */
        public Verification.Progress step() {
            try {
                return verification.next(ROWS_PER_STEP);
            } catch (IllegalStateException e) {
                // A snapshot was installed, or the node stops: what was being proved is no more.
                throw Refusals.notReady("the store was replaced while it was verified");
            }
        }

        @Override
        public void close() {
            if (!isClosed) {
                isClosed = true;
                running.decrementAndGet();
                verification.close();
            }
        }
    }
}
