package io.statehouse.raft.disk;

import io.statehouse.raft.ExitCode;
import io.statehouse.raft.FirstStart;
import io.statehouse.raft.Member;
import io.statehouse.raft.RaftOptions;
import io.statehouse.raft.StartRefusedException;
import io.statehouse.raft.disk.IdentityLink.FormingPort;
import io.statehouse.raft.tls.MemberTls;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until all founding members of a new cluster have met, answering them on the Raft port meanwhile. */
final class Forming {
    /** After it the process ends; what it is stays on disk, so the next start goes on. */
    static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(Forming.class);
    private static final Duration ROUND = Duration.ofMillis(100);
    private static final Duration REPORT = Duration.ofSeconds(10);

    private final Member self;
    private final List<Member> members;
    private final MemberTls tls;
    private final IdentityProbe probe;
    private final FirstStart firstStart;
    private final SortedSet<String> expected = new TreeSet<>();

    Forming(RaftOptions options, IdentityProbe probe) {
        this.self = options.self();
        this.members = options.members();
        this.tls = options.tls();
        this.probe = probe;
        this.firstStart = options.firstStart();
        for (Member member : members) {
            expected.add(member.id());
        }
    }

    /**
     * Returns this node as one of the founders; nothing but the caller has recorded it yet. Null when the others have founded
     * a cluster without it and it may join them: it has promised nothing to anybody.
     */
    @Nullable
    NodeIdentity meet(NodeIdentity forming) {
        if (expected.size() == 1) {
            return forming.formedWith(forming.founders());
        }
        AtomicReference<NodeIdentity> told = new AtomicReference<>(forming);
        try (FormingPort port = FormingPort.open(self, tls, () -> IdentityText.encode(told.get(), expected))) {
            LOG.info(
                    "forming a new cluster member={} incarnation={} founders={} port={}",
                    self.id(),
                    forming.incarnation(),
                    expected,
                    port.number());
            return askUntilAllMet(told);
        }
    }

    private @Nullable NodeIdentity askUntilAllMet(AtomicReference<NodeIdentity> told) {
        long startedNanos = System.nanoTime();
        long reportedNanos = startedNanos;
        while (true) {
            Map<String, IdentityText.Answer> answers = askAll();
            if (mayJoin(told.get(), answers)) {
                return null;
            }
            FormingRound.Outcome outcome = FormingRound.conclude(told.get(), expected, answers);
            switch (outcome) {
                case FormingRound.Formed formed -> {
                    return formed.identity();
                }
                case FormingRound.Waiting waiting -> {
                    told.set(waiting.self());
                    long now = System.nanoTime();
                    if (now - startedNanos > PATIENCE.toNanos()) {
                        throw lostPatience(waiting);
                    }
                    if (now - reportedNanos > REPORT.toNanos()) {
                        reportedNanos = now;
                        LOG.info("waiting for the founding members member={} missing={}", self.id(), waiting.missing());
                    }
                }
            }
            pause();
        }
    }

    /** What was restored from a backup belongs to a new cluster. */
    private boolean mayJoin(NodeIdentity forming, Map<String, IdentityText.Answer> answers) {
        return firstStart == FirstStart.JOIN
                && forming.seed() == null
                && answers.values().stream()
                        .map(IdentityText.Answer::identity)
                        .anyMatch(peer -> peer.state() != NodeIdentity.State.FORMING
                                && !forming.incarnation().equals(peer.founders().get(self.id())));
    }

    private Map<String, IdentityText.Answer> askAll() {
        Map<String, IdentityText.Answer> answers = new HashMap<>();
        for (Member member : members) {
            if (!member.id().equals(self.id())) {
                IdentityText.Answer answer = probe.ask(member);
                if (answer != null) {
                    answers.put(member.id(), answer);
                }
            }
        }
        return answers;
    }

    private static StartRefusedException lostPatience(FormingRound.Waiting waiting) {
        return new StartRefusedException(
                ExitCode.IDENTITY_REFUSED,
                "the founding members " + waiting.missing() + " were not met within " + PATIENCE.toMinutes()
                        + " minutes; start them with --init and the same STATEHOUSE_MEMBERS, then start this node again");
    }

    private void pause() {
        LockSupport.parkNanos(ROUND.toNanos());
        if (Thread.interrupted()) {
            Thread.currentThread().interrupt();
            throw new StartRefusedException(
                    ExitCode.IDENTITY_REFUSED, "told to stop while " + self.id() + " was forming");
        }
    }
}
