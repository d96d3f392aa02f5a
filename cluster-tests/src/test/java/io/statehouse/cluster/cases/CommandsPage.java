package io.statehouse.cluster.cases;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A page whose {@code console} blocks show commands and what they printed. A line that begins with {@code $} is a command, one that
 * begins with {@code #} says what is done to a node meanwhile, and what follows a command is its output.
 */
final class CommandsPage {
    /** System property: write what the commands print into the page, instead of comparing. */
    static final String RECORD = "statehouse.page.record";

    private static final String FENCE = "```";
    private static final String SECTION = "## ";
    private static final String COMMAND = "$ ";
    private static final String EVENT = "# ";

    private final Path file;
    private final List<String> lines;

    private CommandsPage(Path file, List<String> lines) {
        this.file = file;
        this.lines = lines;
    }

    static CommandsPage read(Path file) throws IOException {
        return new CommandsPage(file, Files.readAllLines(file));
    }

    /** What stands at a line of a block. */
    sealed interface Step {}

    /**
     * A command.
     *
     * @param block the number of its block in the section, from 1
     * @param output the lines that the page shows
     */
    record Command(String section, int block, String text, List<String> output) implements Step {
        boolean isIn(String wantedSection, int wantedBlock) {
            return section.equals(wantedSection) && block == wantedBlock;
        }
    }

    record Event(String text) implements Step {}

    /** What the page shows, in its order. */
    List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        String section = "";
        int block = 0;
        boolean isBlock = false;
        List<String> output = new ArrayList<>();
        for (String line : lines) {
            if (!isBlock && line.startsWith(SECTION)) {
                section = line.substring(SECTION.length());
                block = 0;
            } else if (line.startsWith(FENCE)) {
                isBlock = line.equals(FENCE + "console");
                block += isBlock ? 1 : 0;
            } else if (isBlock && line.startsWith(COMMAND)) {
                output = new ArrayList<>();
                steps.add(new Command(section, block, line.substring(COMMAND.length()), output));
            } else if (isBlock && line.startsWith(EVENT)) {
                steps.add(new Event(line.substring(EVENT.length())));
            } else if (isBlock) {
                output.add(line);
            }
        }
        return steps;
    }

    /** The commands of all blocks, in their order. */
    List<Command> commands() {
        return steps().stream()
                .filter(Command.class::isInstance)
                .map(Command.class::cast)
                .toList();
    }

    /** The commands of one block, which there must be. */
    List<Command> block(String section, int number) {
        var block = commands().stream()
                .filter(command -> command.isIn(section, number))
                .toList();
        if (block.isEmpty()) {
            throw new IllegalArgumentException(file + " has no block " + number + " in " + section);
        }
        return block;
    }

    /** Writes the page anew with what the commands of one block print now. */
    void record(String section, int number, List<List<String>> outputs) throws IOException {
        var next = outputs.iterator();
        List<List<String>> all = new ArrayList<>();
        for (Command command : commands()) {
            all.add(command.isIn(section, number) ? next.next() : command.output());
        }
        record(all);
    }

    /** Writes the page anew with what its commands print now, in its order. */
    void record(List<List<String>> outputs) throws IOException {
        List<String> written = new ArrayList<>();
        var next = outputs.iterator();
        boolean isBlock = false;
        for (String line : lines) {
            if (line.startsWith(FENCE)) {
                isBlock = line.equals(FENCE + "console");
            }
            boolean isOutput =
                    isBlock && !line.startsWith(FENCE) && !line.startsWith(COMMAND) && !line.startsWith(EVENT);
            if (!isOutput) {
                written.add(line);
            }
            if (isBlock && line.startsWith(COMMAND)) {
                written.addAll(next.next());
            }
        }
        Files.write(file, written);
    }
}
