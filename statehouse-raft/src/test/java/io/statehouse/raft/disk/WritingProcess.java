package io.statehouse.raft.disk;

import io.statehouse.raft.StartRefusedException;
import java.nio.file.Path;
import java.util.List;

/** A process of its own that writes numbered entries until it is killed, and says which were acknowledged. */
final class WritingProcess {
    static final String RECOVERED = "recovered ";
    static final String ACKED = "acked ";
    static final String REFUSED = "refused ";

    private static final String PADDING = "x".repeat(300);
    private static final String PROBE = "probe";
    private static final int FLUSH_EVERY = 10;

    private WritingProcess() {}

    public static void main(String[] args) throws Exception {
        try {
            run(RatisMember.start(Path.of(args[0])));
        } catch (StartRefusedException e) {
            System.out.println(REFUSED + e.getMessage());
            System.exit(e.exitCode().number());
        }
    }

    private static void run(RatisMember member) throws Exception {
        List<String> applied = member.appliedUpTo(PROBE);
        applied.removeIf(PROBE::equals);
        int next = 0;
        for (String entry : applied) {
            if (!entry.equals(next + PADDING)) {
                throw new IllegalStateException("found " + entry + " instead of " + next);
            }
            next++;
        }
        System.out.println(RECOVERED + next);
        while (true) {
            member.write(next + PADDING);
            System.out.println(ACKED + next);
            next++;
            if (next % FLUSH_EVERY == 0) {
                member.recordCommitted();
            }
        }
    }
}
