package io.statehouse.cluster.bench;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of {@code scripts/bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description =
                "Benchmarks on this machine. Everything is started on loopback, on fresh directories of one disk.",
        subcommands = {
            CompareCommand.class,
            CoreCommand.class,
            FailoverCommand.class,
            GrowthCommand.class,
            SessionCommand.class,
            TimeCommand.class
        },
        footer = {"", "Exit status: 0 measured, 1 not measured, 64 bad arguments."})
public final class BenchMain {
    static final int MEASURED = 0;
    static final int NOT_MEASURED = 1;
    static final int USAGE = 64;

    private BenchMain() {}

    /** Runs a command and exits with its status. */
    public static void main(String[] arguments) {
        System.exit(run(System.out, System.err, arguments));
    }

    static int run(PrintStream out, PrintStream err, String... arguments) {
        var line = new CommandLine(new BenchMain());
        line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        line.setParameterExceptionHandler((e, unused) -> complain(e.getCommandLine(), e));
        line.setExecutionExceptionHandler((e, command, unused) -> {
            if (e instanceof IllegalArgumentException) {
                return complain(command, e);
            }
            e.printStackTrace(command.getErr());
            return NOT_MEASURED;
        });
        if (arguments.length == 0) {
            line.usage(line.getOut());
            return MEASURED;
        }
        return line.execute(arguments);
    }

    private static int complain(CommandLine command, Exception e) {
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println("bench: " + e.getMessage() + "; see ./scripts/" + name + " --help");
        return USAGE;
    }
}
