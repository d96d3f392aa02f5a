package io.statehouse.node.config;

import io.statehouse.node.audit.AuditPlace;
import io.statehouse.raft.RestorePoint;
import io.statehouse.statemachine.CommitTs;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** The command line of the work that is done while no node runs. */
final class OfflineFlags {
    static final String RESTORE = "restore";
    static final String REBUILD = "rebuild";
    static final String SALVAGE = "salvage";
    static final String REPAIR_LOG = "repair-log";
    static final String VERIFY_AUDIT = "verify-audit";

    private static final String CONTAINS = "--contains";
    private static final String TO_COMMIT_TS = "--to-commit-ts";
    private static final String TO_TIME = "--to-time";

    private OfflineFlags() {}

    static CommandSpec restore(CommandSpec spec) {
        spec.usageMessage()
                .description(
                        "Makes an empty data directory into one of a founding member that begins with a backup.",
                        "Every founding member is restored the same way, from the same backup to the same point.")
                .abbreviateSynopsis(true);
        return spec.addPositional(PositionalParamSpec.builder()
                        .index("0")
                        .arity("1")
                        .type(Path.class)
                        .paramLabel("BACKUP")
                        .description("The directory that statehousectl backup wrote.")
                        .build())
                .addOption(OptionSpec.builder(TO_COMMIT_TS)
                        .type(Long.class)
                        .paramLabel("COMMIT_TS")
                        .description("Only up to this commit, included.")
                        .build())
                .addOption(OptionSpec.builder(TO_TIME)
                        .type(String.class)
                        .paramLabel("TIME")
                        .description("Only up to the latest commit at or before it, such as 2026-11-21T10:15:30Z.")
                        .build());
    }

    static CommandSpec rebuild(CommandSpec spec) {
        spec.usageMessage()
                .description(
                        "Derives the state of a data directory anew from its events and compares both row by row.",
                        "The directory is left as it was. The node must not run. Ends with 76 when they differ.")
                .abbreviateSynopsis(true);
        return spec;
    }

    static CommandSpec salvage(CommandSpec spec) {
        spec.usageMessage()
                .description(
                        "Makes a backup of all that a node holds whose majority is lost for good: its state, and its log to"
                                + " the end.",
                        "A new cluster is restored from it. The node must not run. Of several survivors take the one whose"
                                + " log ends with the greatest term, and in it the greatest index.")
                .abbreviateSynopsis(true);
        return spec.addPositional(PositionalParamSpec.builder()
                .index("0")
                .arity("1")
                .type(Path.class)
                .paramLabel("BACKUP")
                .description("The directory to write; it must not exist.")
                .build());
    }

    static CommandSpec repairLog(CommandSpec spec) {
        spec.usageMessage()
                .description(
                        "Proves the Raft log of a node that does not run, as its start does.",
                        "A last record that a crash cut short, and that nobody acknowledged, is taken off. Everything else"
                                + " that is not as it must be is refused with 66, and nothing is changed.")
                .abbreviateSynopsis(true);
        return spec;
    }

    static CommandSpec verifyAudit(CommandSpec spec) {
        spec.usageMessage()
                .description(
                        "Proves that the lines of an audit are as they were written, and none missing between the first and the last.",
                        "The node may run. Ends with 70, and the file and the line, when it is not so.")
                .abbreviateSynopsis(true);
        return spec.addPositional(PositionalParamSpec.builder()
                        .index("0")
                        .arity("0..1")
                        .type(Path.class)
                        .paramLabel("PATH")
                        .description(
                                "A directory or file of an audit, such as a copy; else that of the data directory.")
                        .build())
                .addOption(OptionSpec.builder(CONTAINS)
                        .type(String.class)
                        .paramLabel("CHAIN")
                        .description("A chain that a line of the node's log has shown: its line must still be there.")
                        .build());
    }

    static OfflineWish wish(ParseResult result, Settings settings) {
        Path dataDirectory = Path.of(settings.text(Setting.DATA_DIR));
        String work = result.commandSpec().name();
        if (work.equals(REBUILD)) {
            return new OfflineWish.Rebuild(dataDirectory);
        }
        if (work.equals(REPAIR_LOG)) {
            return new OfflineWish.RepairLog(dataDirectory);
        }
        if (work.equals(VERIFY_AUDIT)) {
            Path path = result.matchedPositionalValue(0, dataDirectory.resolve(AuditPlace.DIRECTORY));
            return new OfflineWish.VerifyAudit(path, result.matchedOptionValue(CONTAINS, null));
        }
        Path backup = result.matchedPositionalValue(0, Path.of(""));
        if (work.equals(SALVAGE)) {
            return new OfflineWish.Salvage(backup, dataDirectory);
        }
        return new OfflineWish.Restore(backup, dataDirectory, settings.text(Setting.NODE_ID), point(result));
    }

    private static RestorePoint point(ParseResult result) {
        @Nullable Long commit = result.matchedOptionValue(TO_COMMIT_TS, null);
        @Nullable String time = result.matchedOptionValue(TO_TIME, null);
        if (commit != null && time != null) {
            throw new ConfigException("say " + TO_COMMIT_TS + " or " + TO_TIME + ", not both");
        }
        if (time != null) {
            return new RestorePoint.AtTime(wallMillis(time));
        }
        if (commit == null) {
            return new RestorePoint.End();
        }
        if (commit < 1) {
            throw new ConfigException(TO_COMMIT_TS + " is " + commit + "; the first commit is 1");
        }
        return new RestorePoint.AtCommit(new CommitTs(commit));
    }

    private static long wallMillis(String time) {
        try {
            return OffsetDateTime.parse(time).toInstant().toEpochMilli();
        } catch (DateTimeException e) {
            throw new ConfigException(
                    TO_TIME + ": '" + time + "' is no time with its zone, such as 2026-11-21T10:15:30Z");
        }
    }
}
