package io.statehouse.node.config;

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

    static OfflineWish wish(ParseResult result, Settings settings) {
        Path dataDirectory = Path.of(settings.text(Setting.DATA_DIR));
        if (result.commandSpec().name().equals(REBUILD)) {
            return new OfflineWish.Rebuild(dataDirectory);
        }
        Path backup = result.matchedPositionalValue(0, Path.of(""));
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
