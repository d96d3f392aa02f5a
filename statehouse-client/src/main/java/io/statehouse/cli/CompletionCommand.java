package io.statehouse.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code completion}. */
@Command(
        name = "completion",
        description = "Prints a script that completes commands and options in your shell.",
        footer = {
            "",
            "Examples:",
            "  source <(statehousectl completion bash)",
            "  statehousectl completion zsh > ~/.statehousectl-completion   # and source it in ~/.zshrc"
        })
final class CompletionCommand implements Callable<Integer> {
    enum Shell {
        BASH,
        ZSH
    }

    private final Session session;

    @Parameters(index = "0", paramLabel = "bash|zsh", description = "The shell. The script is the same for both.")
    Shell shell = Shell.BASH;

    @Spec
    CommandSpec spec = CommandSpec.create();

    CompletionCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        // zsh reads bash's completion: the script switches that on there.
        String script = AutoComplete.bash("statehousectl", spec.root().commandLine());
        script.lines().forEach(session.output()::rawLine);
        return ExitCode.OK.number();
    }
}
