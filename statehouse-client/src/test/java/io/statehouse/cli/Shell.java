package io.statehouse.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Runs statehousectl in this JVM as a shell would: variables in, text and exit code out. */
final class Shell {
    private final Map<String, String> environment;

    Shell(Map<String, String> environment) {
        this.environment = environment;
    }

    static Shell on(ScriptedServer server) {
        return new Shell(Map.of("STATEHOUSE_ADDRESS", server.address(), "NO_COLOR", "1"));
    }

    /** What a run left: stdout, stderr, both as a terminal shows them, and the exit code. */
    record Run(String out, String err, String screen, ExitCode code) {}

    Run run(String... args) {
        return runWith("", args);
    }

    Run runWith(String stdin, String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var screen = new ByteArrayOutputStream();
        var surroundings = new Surroundings(
                environment,
                new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(new Both(out, screen), true, StandardCharsets.UTF_8),
                new PrintStream(new Both(err, screen), true, StandardCharsets.UTF_8));
        ExitCode code = Statehousectl.run(surroundings, args);
        return new Run(text(out), text(err), text(screen), code);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Writes to two streams. */
    private static final class Both extends OutputStream {
        private final OutputStream first;
        private final OutputStream second;

        Both(OutputStream first, OutputStream second) {
            this.first = first;
            this.second = second;
        }

        @Override
        public void write(int octet) throws java.io.IOException {
            first.write(octet);
            second.write(octet);
        }
    }
}
