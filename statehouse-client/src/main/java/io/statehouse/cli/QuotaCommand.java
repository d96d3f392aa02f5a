package io.statehouse.cli;

import io.statehouse.client.NamespaceQuota;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quota}: how much a namespace may take. */
@Command(name = "quota", description = "Shows or sets how much of what all share a namespace may take.")
final class QuotaCommand {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,18})|(\\d{1,6})([KMGT])iB");
    private static final int UNIT_GROUP = 3;
    private static final String UNITS = "KMGT";
    private static final int STEP_BITS = 10;

    private QuotaCommand() {}

    static CommandLine withVerbs(Session session) {
        return new CommandLine(new QuotaCommand())
                .addSubcommand("get", new Get(session))
                .addSubcommand("set", new Set(session));
    }

    /** {@code quota get}. */
    @Command(
            name = "get",
            description = "Shows how much a namespace may take, and takes.",
            footer = {"", "Example:", "  statehousectl quota get default"})
    static final class Get implements Callable<Integer> {
        private final Session session;

        @Parameters(index = "0", paramLabel = "NAMESPACE", description = "The namespace.")
        String namespace = "";

        Get(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            NamespaceQuota quota = session.client().access().quota(namespace);
            if (session.isJson()) {
                session.output().line(json(quota));
                return ExitCode.OK.number();
            }
            String taken = quota.isCounted() ? "" : " counted so far; binds when all is counted";
            session.output().line("Namespace: " + quota.namespace());
            session.output().line("Bytes: " + quota.bytes() + " of " + bound(quota.bytesMax()) + taken);
            session.output().line("Agents: " + quota.agents() + " of " + bound(quota.agentsMax()) + taken);
            session.output().line("Operations a second: " + bound(quota.operationsPerSecondMax()));
            return ExitCode.OK.number();
        }
    }

    /** {@code quota set}. */
    @Command(
            name = "set",
            description = {
                "Sets how much a namespace may take from now on; what is not named is not bounded. What it has beyond that it"
                        + " keeps. What only deletes, or makes less of what there is, is always taken."
            },
            footer = {
                "",
                "Examples:",
                "  statehousectl quota set scratch --bytes 512MiB --agents 100",
                "  statehousectl quota set builds --operations-per-second 2000",
                "  statehousectl quota set scratch --none"
            })
    static final class Set implements Callable<Integer> {
        private final Session session;

        @Parameters(index = "0", paramLabel = "NAMESPACE", description = "The namespace.")
        String namespace = "";

        @Option(
                names = "--bytes",
                paramLabel = "SIZE",
                description = "Keys and values that it holds now: 1000000, 512MiB, 2GiB.")
        String bytes = "";

        @Option(names = "--agents", paramLabel = "N", description = "Agents that it lists.")
        @Nullable
        Long agents;

        @Option(
                names = "--operations-per-second",
                paramLabel = "N",
                description = "Operations of its transactions, beyond which callers are told to wait.")
        @Nullable
        Long operations;

        @Option(names = "--none", description = "Bound nothing.")
        boolean isNone;

        Set(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            boolean hasBound = !bytes.isEmpty() || agents != null || operations != null;
            if (hasBound == isNone) {
                throw new Complaint("say --none, or at least one of --bytes, --agents, --operations-per-second");
            }
            session.client()
                    .access()
                    .setQuota(
                            namespace,
                            bytes.isEmpty() ? 0 : size(bytes),
                            positive(agents, "--agents"),
                            positive(operations, "--operations-per-second"));
            if (session.isJson()) {
                session.output().line(json(session.client().access().quota(namespace)));
            } else {
                session.output().success("Namespace " + namespace + (isNone ? " is not bounded" : " is bounded"));
            }
            return ExitCode.OK.number();
        }

        private static long positive(@Nullable Long number, String option) {
            if (number != null && number < 1) {
                throw new Complaint(option + " is " + number + "; it must be 1 or more");
            }
            return number == null ? 0 : number;
        }

        private static long size(String text) {
            Matcher matcher = SIZE.matcher(text);
            if (!matcher.matches()) {
                throw new Complaint("--bytes is " + text + "; it must be like 1000000, 512MiB or 2GiB");
            }
            String plain = matcher.group(1);
            if (plain != null) {
                return positive(Long.valueOf(plain), "--bytes");
            }
            long size = Long.parseLong(String.valueOf(matcher.group(2)));
            int steps = UNITS.indexOf(String.valueOf(matcher.group(UNIT_GROUP))) + 1;
            return positive(size << (steps * STEP_BITS), "--bytes");
        }
    }

    private static String bound(long max) {
        return max == 0 ? "any number" : Long.toString(max);
    }

    private static String json(NamespaceQuota quota) {
        return new JsonLine()
                .text("namespace", quota.namespace())
                .number("bytes_max", quota.bytesMax())
                .number("agents_max", quota.agentsMax())
                .number("operations_per_second_max", quota.operationsPerSecondMax())
                .number("bytes", quota.bytes())
                .number("agents", quota.agents())
                .truth("is_counted", quota.isCounted())
                .toString();
    }
}
