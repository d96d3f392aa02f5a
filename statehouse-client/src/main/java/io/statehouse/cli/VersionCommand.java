package io.statehouse.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code version}. */
@Command(
        name = "version",
        description = "Asks a node for its release. (--version is that of statehousectl.)",
        footer = {"", "Example:", "  statehousectl version --json"})
final class VersionCommand implements Callable<Integer> {
    private final Session session;

    VersionCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var server = session.client().version();
        if (session.isJson()) {
            session.output()
                    .line(new JsonLine()
                            .text("version", server.version())
                            .text("git_sha", server.gitSha())
                            .toString());
        } else {
            session.output().line("Version: " + server.version());
            session.output().line("Git SHA: " + server.gitSha());
        }
        return ExitCode.OK.number();
    }
}
