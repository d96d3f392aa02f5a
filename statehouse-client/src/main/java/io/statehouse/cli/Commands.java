package io.statehouse.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;

/** The table of commands, in the order in which the help shows them. */
final class Commands {
    /** Makes a command for a session. */
    private interface Maker extends Function<Session, Object> {}

    private static final Map<String, Maker> ALL = new LinkedHashMap<>();

    static {
        ALL.put("health", HealthCommand::new);
        ALL.put("version", VersionCommand::new);
        ALL.put("get", GetCommand::new);
        ALL.put("keys", KeysCommand::new);
        ALL.put("scan", ScanCommand::new);
        ALL.put("put", PutCommand::new);
        ALL.put("delete", DeleteCommand::new);
        ALL.put("commit", CommitCommand::new);
        ALL.put("history", HistoryCommand::new);
        ALL.put("diff", DiffCommand::new);
        ALL.put("revert", RevertCommand::new);
        ALL.put("replay", ReplayCommand::new);
        ALL.put("tail", TailCommand::new);
        ALL.put("watch", WatchCommand::new);
        ALL.put("explain", ExplainCommand::new);
        ALL.put("verify", VerifyCommand::new);
        ALL.put("retention", RetentionCommand::withVerbs);
        ALL.put("quota", QuotaCommand::withVerbs);
        ALL.put("dump", DumpCommand::new);
        ALL.put("export", ExportCommand::new);
        ALL.put("import", ImportCommand::new);
        ALL.put("backup", BackupCommand::new);
        ALL.put("inspect", InspectCommand::new);
        ALL.put("agents", AgentsCommand::new);
        ALL.put("namespaces", NamespacesCommand::new);
        ALL.put("sessions", SessionsCommand::new);
        ALL.put("session", SessionCommand::withVerbs);
        ALL.put("token", TokenCommand::withVerbs);
        ALL.put("txn", TxnCommand::withVerbs);
        ALL.put("cluster", ClusterCommand::withVerbs);
        ALL.put("doctor", DoctorCommand::new);
        ALL.put("bench", BenchCommand::new);
        ALL.put("completion", CompletionCommand::new);
    }

    private Commands() {}

    /** Every command. */
    static CommandLine all(Session session) {
        return of(session, List.copyOf(ALL.keySet()));
    }

    /**
     * The commands that these arguments can mean: picocli reads a command's annotations when it is added, and reading
     * all of them takes longer than a call to the server.
     */
    static CommandLine meantBy(Session session, String... args) {
        List<String> words = Arrays.asList(args);
        List<String> named = ALL.keySet().stream().filter(words::contains).toList();
        boolean isAboutOne = !named.isEmpty()
                && !named.contains("completion")
                && !words.get(0).startsWith("-h")
                && !words.get(0).startsWith("--h");
        return isAboutOne ? of(session, named) : all(session);
    }

    private static CommandLine of(Session session, List<String> names) {
        var root = new CommandLine(session.options());
        for (var command : ALL.entrySet()) {
            if (names.contains(command.getKey())) {
                root.addSubcommand(command.getKey(), command.getValue().apply(session));
            }
        }
        return root;
    }
}
