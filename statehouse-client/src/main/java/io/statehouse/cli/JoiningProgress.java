package io.statehouse.cli;

import io.statehouse.client.ClusterMember;
import io.statehouse.client.MemberRole;
import io.statehouse.client.StatehouseException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Says once a second, while a call waits, how far a node that is being let in has come. */
final class JoiningProgress implements AutoCloseable {
    private static final long MIB = 1L << 20;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Session session;
    private final CountDownLatch isOver = new CountDownLatch(1);
    private final Thread thread;
    private @Nullable Sample first;

    /** What is left to do at one moment: bytes of a snapshot as long as one is sent, entries of the log otherwise. */
    private record Sample(long nanos, boolean isCopying, long left) {
        static Sample of(ClusterMember member) {
            Long lag = member.lagEntries();
            boolean isCopying = member.copyBytes() > 0;
            long left = isCopying ? member.copyBytes() - member.copiedBytes() : lag == null ? 0 : lag;
            return new Sample(System.nanoTime(), isCopying, left);
        }

        /** At the pace since the earlier moment; -1 = there is none yet. */
        long secondsLeft(Sample earlier) {
            long done = earlier.left - left;
            return done <= 0 ? -1 : Math.round((nanos - earlier.nanos) / NANOS_PER_SECOND * left / done);
        }
    }

    private JoiningProgress(Session session) {
        this.session = session;
        this.thread = new Thread(this::run, "progress");
        thread.setDaemon(true);
    }

    static JoiningProgress watch(Session session) {
        var progress = new JoiningProgress(session);
        progress.thread.start();
        return progress;
    }

    private void run() {
        try {
            while (!isOver.await(1, TimeUnit.SECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        members().stream().filter(member -> member.role() == MemberRole.JOINING).forEach(this::say);
    }

    private List<ClusterMember> members() {
        try {
            return session.client().admin().clusterStatus().members();
        } catch (StatehouseException e) {
            // The call that waits hears of it too, and says so.
            return List.of();
        }
    }

    private void say(ClusterMember member) {
        Sample now = Sample.of(member);
        Sample earlier = first;
        if (earlier == null || earlier.isCopying != now.isCopying) {
            earlier = now;
            first = now;
        }
        long seconds = now.secondsLeft(earlier);
        if (session.isJson()) {
            session.output()
                    .line(MemberLines.json(member)
                            .json("eta_seconds", seconds < 0 ? "null" : Long.toString(seconds))
                            .toString());
        } else {
            session.output().remark(text(member, seconds));
        }
    }

    private static String text(ClusterMember member, long seconds) {
        String copy = member.copyBytes() == 0
                ? ""
                : ", " + member.copiedBytes() / MIB + " of " + member.copyBytes() / MIB + " MiB of the snapshot";
        String eta = seconds < 0 ? "" : ", about " + seconds + " s left";
        return member.nodeId() + " catches up: " + member.lagEntries() + " log entries to go" + copy + eta;
    }

    /** Waits until nothing more is said. */
    @Override
    public void close() {
        isOver.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
