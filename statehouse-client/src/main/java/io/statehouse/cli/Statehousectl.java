package io.statehouse.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/** The command line of Statehouse: parses, runs one command, and says in one line why if there is no answer. */
public final class Statehousectl {
    private Statehousectl() {}

    /** Runs the command that the arguments name and ends the process with its exit code. */
    public static void main(String[] args) {
        Startup.prepare(args);
        var surroundings = Surroundings.ofProcess();
        // Ctrl-C ends the JVM with 130; what was printed by then belongs to the user.
        Runtime.getRuntime().addShutdownHook(new Thread(surroundings.out()::flush, "statehousectl-flush"));
        System.exit(run(surroundings, args).number());
    }

    static ExitCode run(Surroundings surroundings, String... args) {
        try (var session = new Session(surroundings)) {
            int code = commandLine(session, surroundings, args).execute(args);
            session.output().flush();
            return ExitCode.of(code);
        }
    }

    private static CommandLine commandLine(Session session, Surroundings surroundings, String[] args) {
        var line = Commands.meantBy(session, args);
        line.setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(ansi(surroundings)));
        // In "put ada plan @plan.json" the file is a value, not more arguments.
        line.setExpandAtFiles(false);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((e, unused) -> explain(session, e));
        line.setExecutionExceptionHandler((e, unused, alsoUnused) -> {
            if (session.wantsStackTraces()) {
                e.printStackTrace(surroundings.err());
            }
            session.output().failure(Explanation.of(e, session));
            return ExitCode.ERROR.number();
        });
        return line;
    }

    private static Ansi ansi(Surroundings surroundings) {
        return surroundings.environment().containsKey("NO_COLOR") ? Ansi.OFF : Ansi.AUTO;
    }

    private static int explain(Session session, ParameterException e) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        session.output().failure(e.getMessage() + "; see " + command + " --help");
        return ExitCode.ERROR.number();
    }
}
