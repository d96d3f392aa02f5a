package io.statehouse.cli;

import io.statehouse.client.Diff;
import io.statehouse.client.DiffSide;
import io.statehouse.client.KeyDiff;
import io.statehouse.client.StateKey;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code diff}. */
@Command(
        name = "diff",
        description = "Shows what makes one state of another: two versions of a key, an agent or a key at two moments,"
                + " or two agents. Each key that differs is shown with a JSON Patch (RFC 6902).",
        footer = {
            "",
            "Examples:",
            "  statehousectl diff ada plan --from-version 3 --to-version 5",
            "  statehousectl diff ada --from 1041 --to 2026-11-21T10:15:30Z",
            "  statehousectl diff ada --with bob",
            "Without --to the present is compared. Exit code 0, whether or not something differs."
        })
final class DiffCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "AGENT", description = "The agent.")
    String agent = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "KEY", description = "The key; without it all of them.")
    String key = "";

    @Option(names = "--from", paramLabel = "WHEN", description = "The moment before: a commit_ts or a time.")
    String from = "";

    @Option(names = "--to", paramLabel = "WHEN", description = "The moment after: a commit_ts or a time.")
    String to = "";

    @Option(names = "--from-version", paramLabel = "N", description = "The version of KEY before.")
    @Nullable
    Long fromVersion;

    @Option(names = "--to-version", paramLabel = "N", description = "The version of KEY after.")
    @Nullable
    Long toVersion;

    @Option(names = "--with", paramLabel = "AGENT", description = "Compare with this agent instead of with itself.")
    String other = "";

    DiffCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (from.isEmpty() && fromVersion == null && other.isEmpty()) {
            throw new Complaint("say what to compare with: --from, --from-version or --with");
        }
        if (key.isEmpty() && (fromVersion != null || toVersion != null)) {
            throw new Complaint("--from-version and --to-version are of a KEY; name one");
        }
        DiffSide before = side(agent, fromVersion, from, "--from");
        DiffSide after = side(other.isEmpty() ? agent : other, toVersion, to, "--to");
        Diff diff = session.client().history().diff(before, after);
        long shown = 0;
        for (KeyDiff difference : diff) {
            show(difference);
            shown++;
            if (session.output().isClosed()) {
                break;
            }
        }
        if (shown == 0 && !session.isJson()) {
            session.output().line("No differences (commit_ts " + diff.beforeTs() + " and " + diff.afterTs() + ")");
        }
        return ExitCode.OK.number();
    }

    private DiffSide side(String whose, @Nullable Long version, String when, String option) {
        DiffSide side = DiffSide.of(StateKey.of(whose, key));
        if (version != null && !when.isEmpty()) {
            throw new Complaint(option + " and " + option + "-version both choose a side; give one of them");
        }
        if (version != null) {
            if (version < 1) {
                throw new Complaint(option + "-version is " + version + "; versions are counted from 1");
            }
            return side.version(version);
        }
        Moment moment = when.isEmpty() ? null : Moment.parse(when);
        if (moment instanceof Moment.Commit commit) {
            return side.asOf(commit.commitTs());
        }
        return moment instanceof Moment.Time time ? side.asOf(time.time()) : side;
    }

    private void show(KeyDiff difference) {
        var output = session.output();
        if (session.isJson()) {
            output.line(json(difference));
            return;
        }
        output.line(difference.key() + "  v=" + number(difference.versionBefore()) + " -> v="
                + number(difference.versionAfter()));
        var patch = difference.patch();
        if (patch != null) {
            JsonText.elements(patch.text()).forEach(step -> output.line("  " + step));
        }
    }

    private static String number(long version) {
        return version == 0 ? "none" : Long.toString(version);
    }

    private static String json(KeyDiff difference) {
        var patch = difference.patch();
        return new JsonLine()
                .text("key", difference.key())
                .number("version_before", difference.versionBefore())
                .number("version_after", difference.versionAfter())
                .truth("deleted", difference.isDeleted())
                .json("patch", patch == null ? "null" : JsonText.compact(patch.text()))
                .toString();
    }
}
