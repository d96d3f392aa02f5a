package io.statehouse.cli;

import io.statehouse.client.Retention;
import io.statehouse.client.RetentionPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retention}: how much of its past a namespace keeps. */
@Command(name = "retention", description = "Shows or sets how much of its past a namespace keeps.")
final class RetentionCommand {
    private RetentionCommand() {}

    static CommandLine withVerbs(Session session) {
        return new CommandLine(new RetentionCommand())
                .addSubcommand("get", new Get(session))
                .addSubcommand("set", new Set(session));
    }

    /** {@code retention get}. */
    @Command(
            name = "get",
            description = "Shows how much of its past a namespace keeps, and since when it can be read.",
            footer = {"", "Example:", "  statehousectl retention get default"})
    static final class Get implements Callable<Integer> {
        private final Session session;

        @Parameters(index = "0", paramLabel = "NAMESPACE", description = "The namespace.")
        String namespace = "";

        Get(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            Retention retention = session.client().history().retention(namespace);
            if (session.isJson()) {
                session.output().line(json(retention));
            } else {
                session.output().line("Namespace: " + retention.namespace());
                session.output().line("Keeps: " + words(retention.policy()));
                session.output()
                        .line("Readable since: "
                                + (retention.floorTs() == 0 ? "the beginning" : "commit_ts " + retention.floorTs()));
            }
            return ExitCode.OK.number();
        }
    }

    /** {@code retention set}. */
    @Command(
            name = "set",
            description = {
                "Sets how much of its past a namespace keeps from now on. Each rule lets go by itself; what is let go does"
                        + " not come back. The newest version of every key stays, and so does whatever was the present in"
                        + " the last ten seconds."
            },
            footer = {
                "",
                "Examples:",
                "  statehousectl retention set default --max-age 30d",
                "  statehousectl retention set scratch --max-commits 10000 --keep-versions 5",
                "  statehousectl retention set default --none"
            })
    static final class Set implements Callable<Integer> {
        private final Session session;

        @Parameters(index = "0", paramLabel = "NAMESPACE", description = "The namespace.")
        String namespace = "";

        @Option(
                names = "--max-age",
                paramLabel = "TIME",
                description = "Keep what can be read as of the last TIME: 90s, 15m, 12h, 30d.")
        String maxAge = "";

        @Option(
                names = "--max-commits",
                paramLabel = "N",
                description = "Keep what can be read as of the last N commits of the namespace.")
        @Nullable
        Long maxCommits;

        @Option(names = "--keep-versions", paramLabel = "N", description = "Keep the last N versions of each key.")
        @Nullable
        Long keepVersions;

        @Option(names = "--none", description = "Let nothing more go.")
        boolean isNone;

        Set(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            boolean hasRule = !maxAge.isEmpty() || maxCommits != null || keepVersions != null;
            if (hasRule == isNone) {
                throw new Complaint("say --none, or at least one of --max-age, --max-commits, --keep-versions");
            }
            RetentionPolicy policy = new RetentionPolicy(
                    maxAge.isEmpty() ? Duration.ZERO : Spoken.age(maxAge, "--max-age"),
                    positive(maxCommits, "--max-commits"),
                    positive(keepVersions, "--keep-versions"));
            session.client().history().setRetention(namespace, policy);
            if (session.isJson()) {
                session.output().line(json(session.client().history().retention(namespace)));
            } else {
                session.output().success("Namespace " + namespace + " keeps " + words(policy));
            }
            return ExitCode.OK.number();
        }

        private static long positive(@Nullable Long number, String option) {
            if (number != null && number < 1) {
                throw new Complaint(option + " is " + number + "; it must be 1 or more");
            }
            return number == null ? 0 : number;
        }
    }

    private static String words(RetentionPolicy policy) {
        List<String> rules = new ArrayList<>();
        if (!policy.maxAge().isZero()) {
            rules.add("the last " + Spoken.age(policy.maxAge()));
        }
        if (policy.maxCommits() > 0) {
            rules.add("the last " + policy.maxCommits() + " commits");
        }
        if (policy.keepVersions() > 0) {
            rules.add("the last " + policy.keepVersions() + " versions of each key");
        }
        return rules.isEmpty() ? "everything" : String.join(", ", rules);
    }

    private static String json(Retention retention) {
        RetentionPolicy policy = retention.policy();
        return new JsonLine()
                .text("namespace", retention.namespace())
                .number("max_age_ms", policy.maxAge().toMillis())
                .number("max_commits", policy.maxCommits())
                .number("keep_versions", policy.keepVersions())
                .number("floor_ts", retention.floorTs())
                .number("read_ts", retention.readTs())
                .toString();
    }
}
