package io.statehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Runs every command that docs/cli.md shows and compares what it prints with what the document says.
 *
 * <p>Within a block {@code ```console}, a line {@code $ statehousectl …} is run, lines {@code > …} below it are its stdin,
 * and the rest is what a terminal shows. All blocks speak to one store, in the order of the document. With
 * {@code -Dstatehouse.rewrite=true} the document is rewritten instead, to be reviewed as a diff.
 */
class TranscriptTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "cli.md");
    private static final Path BACKUP = Path.of("target", "backup");
    private static final String FENCE = "```";
    private static final String PROMPT = "$ statehousectl";
    private static final String STDIN = "> ";
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|([^\\s'\"]+)");
    private static final Pattern FIGURE = Pattern.compile("\\d+(\\.\\d+)?");
    private static final Pattern TRIES = Pattern.compile("\\(\\d+ tries, .*\\); is");

    @Test
    void theDocumentShowsWhatTheCommandsPrint() throws IOException {
        List<String> document = Files.readAllLines(DOCUMENT);
        removeBackup();

        List<String> real;
        try (var server = ScriptedNode.over(new ScriptedStore()).start()) {
            real = replayed(document, Shell.on(server));
        }

        if (Boolean.getBoolean("statehouse.rewrite")) {
            Files.write(DOCUMENT, real);
        } else {
            assertThat(firstDifference(document, real))
                    .as("docs/cli.md; rewrite it with -Dstatehouse.rewrite=true and look at the diff")
                    .isEmpty();
        }
    }

    /** The document makes a backup, which takes a new directory. */
    private static void removeBackup() throws IOException {
        if (Files.exists(BACKUP)) {
            try (var files = Files.newDirectoryStream(BACKUP)) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
            Files.delete(BACKUP);
        }
    }

    @Test
    void theDocumentShowsEveryCommand() throws IOException {
        String document = Files.readString(DOCUMENT);
        try (var session = new Session(Surroundings.ofProcess())) {
            assertThat(Commands.all(session).getSubcommands().keySet())
                    .allSatisfy(name -> assertThat(document).contains(PROMPT + " " + name));
        }
    }

    private static String firstDifference(List<String> shown, List<String> real) {
        for (int i = 0; i < Math.max(shown.size(), real.size()); i++) {
            String left = i < shown.size() ? shown.get(i) : "(nothing)";
            String right = i < real.size() ? real.get(i) : "(nothing)";
            if (!left.equals(right)) {
                return "line " + (i + 1) + " shows: " + left + "\nthe command prints: " + right;
            }
        }
        return "";
    }

    private static List<String> replayed(List<String> document, Shell shell) {
        List<String> real = new ArrayList<>();
        boolean isConsole = false;
        boolean isVarying = false;
        for (int i = 0; i < document.size(); i++) {
            String line = document.get(i);
            if (line.startsWith(FENCE)) {
                isConsole = line.startsWith(FENCE + "console");
                isVarying = line.endsWith(" varying");
            }
            boolean isOutput = isConsole && !line.startsWith(FENCE);
            if (isOutput && line.startsWith(PROMPT)) {
                real.add(line);
                var stdin = new StringBuilder();
                while (document.get(i + 1).startsWith(STDIN)) {
                    real.add(document.get(++i));
                    stdin.append(document.get(i).substring(STDIN.length())).append('\n');
                }
                real.addAll(run(shell, line, stdin.toString(), isVarying));
            } else if (!isOutput) {
                real.add(line);
            }
        }
        return real;
    }

    private static List<String> run(Shell shell, String line, String stdin, boolean isVarying) {
        String command = line.substring(PROMPT.length()).replaceFirst(" <<'END'$", "");
        var run = shell.runWith(stdin.replaceFirst("END\n$", ""), words(command));
        List<String> shown = new ArrayList<>(run.screen().lines().toList());
        if (run.code() != ExitCode.OK) {
            shown.add("[exit code " + run.code().number() + "]");
        }
        return shown.stream()
                .map(text -> TRIES.matcher(text).replaceAll("(… tries, the last …); is"))
                .map(text -> isVarying ? FIGURE.matcher(text).replaceAll("…").replaceAll(" {2,}", "  ") : text)
                .map(String::stripTrailing)
                .toList();
    }

    private static String[] words(String command) {
        return WORD.matcher(command)
                .results()
                .map(word ->
                        word.group(1) != null ? word.group(1) : word.group(2) != null ? word.group(2) : word.group(3))
                .toArray(String[]::new);
    }
}
