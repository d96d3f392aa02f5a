package io.statehouse.cli;

import io.statehouse.client.AdminClient;
import io.statehouse.client.NewMember;
import io.statehouse.client.StatehouseException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The verbs of {@code cluster} that change who belongs to it. */
final class MemberCommands {
    private MemberCommands() {}

    /** Asks for a change until it is done: copying the state to a new member may take longer than a call. */
    abstract static class Change implements Callable<Integer> {
        private final Session session;

        @Option(
                names = "--wait",
                paramLabel = "SECONDS",
                description = "How long to wait until it is done. The change goes on afterwards.",
                defaultValue = "600")
        long waitSeconds;

        Change(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            long deadline = System.nanoTime() + Duration.ofSeconds(waitSeconds).toNanos();
            while (true) {
                try {
                    askAndTell();
                    return done();
                } catch (StatehouseException.Unavailable e) {
                    if (System.nanoTime() - deadline > 0) {
                        throw e;
                    }
                    session.output().remark("not done yet: " + e.getMessage());
                }
            }
        }

        private void askAndTell() {
            AdminClient admin = session.client().admin();
            var progress = JoiningProgress.watch(session);
            try {
                ask(admin);
            } finally {
                progress.close();
            }
        }

        private int done() {
            if (session.isJson()) {
                session.output().line(new JsonLine().text("done", what()).toString());
            } else {
                session.output().success(what());
            }
            return ExitCode.OK.number();
        }

        abstract void ask(AdminClient admin);

        abstract String what();
    }

    /** {@code cluster replace}. */
    @Command(
            name = "replace",
            description = {
                "Lets a node that lost its disk in again: it takes its old place as a new peer, with a copy of the others.",
                "Before: start it with an empty data directory and --join."
            },
            footer = {
                "",
                "Examples:",
                "  statehousectl cluster replace n2",
                "  statehousectl cluster replace n2 --by n4=10.0.0.4:50061/10.0.0.4:50051"
            })
    static final class Replace extends Change {
        @Parameters(index = "0", paramLabel = "NODE", description = "The member that is gone.")
        String node = "";

        @Option(
                names = "--by",
                paramLabel = "ID=RAFT/API",
                description = "Who takes its place. Default: a node of its name at its addresses.")
        String successor = "";

        Replace(Session session) {
            super(session);
        }

        @Override
        void ask(AdminClient admin) {
            if (successor.isEmpty()) {
                admin.replaceMember(node);
            } else {
                admin.replaceMember(node, member(successor));
            }
        }

        @Override
        String what() {
            return successor.isEmpty()
                    ? node + " is a voter with a new disk"
                    : successor.substring(0, successor.indexOf('=')) + " is a voter in the place of " + node;
        }
    }

    /** {@code cluster add}. */
    @Command(
            name = "add",
            description = {
                "Lets a node in beside the others: it is copied to, and becomes a voter when it has caught up.",
                "Before: start it with an empty data directory and --join."
            },
            footer = {"", "Example:", "  statehousectl cluster add n4=10.0.0.4:50061/10.0.0.4:50051"})
    static final class Add extends Change {
        @Parameters(index = "0", paramLabel = "ID=RAFT/API", description = "The node and its addresses.")
        String newcomer = "";

        Add(Session session) {
            super(session);
        }

        @Override
        void ask(AdminClient admin) {
            admin.addMember(member(newcomer));
        }

        @Override
        String what() {
            return newcomer.substring(0, newcomer.indexOf('=')) + " is a voter";
        }
    }

    /** {@code cluster remove}. */
    @Command(
            name = "remove",
            description = {
                "Takes a voter out of the cluster. Its process stops with exit code 69, its disk is left as it is.",
                "The leader hands leadership over first."
            },
            footer = {"", "Example:", "  statehousectl cluster remove n4"})
    static final class Remove extends Change {
        @Parameters(index = "0", paramLabel = "NODE", description = "The member.")
        String node = "";

        Remove(Session session) {
            super(session);
        }

        @Override
        void ask(AdminClient admin) {
            admin.removeMember(node);
        }

        @Override
        String what() {
            return node + " is no voter";
        }
    }

    /** The form that {@code --members} of statehoused has. */
    private static NewMember member(String text) {
        int equals = text.indexOf('=');
        int slash = text.indexOf('/');
        if (equals <= 0 || slash < equals) {
            throw new Complaint(text + " is not ID=RAFT_HOST:PORT/API_HOST:PORT");
        }
        return new NewMember(text.substring(0, equals), text.substring(equals + 1, slash), text.substring(slash + 1));
    }
}
