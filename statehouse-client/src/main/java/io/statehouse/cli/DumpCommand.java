package io.statehouse.cli;

import io.statehouse.client.Entry;
import io.statehouse.client.Listing;
import io.statehouse.client.Range;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dump}. */
@Command(
        name = "dump",
        description = "Writes all that an agent's keys hold, or held, at one commit_ts.",
        footer = {
            "",
            "Examples:",
            "  statehousectl dump ada -o ada.json",
            "  statehousectl dump ada --at 1041 --format text",
            "  statehousectl dump ada | jq 'keys'"
        })
final class DumpCommand implements Callable<Integer> {
    enum Format {
        JSON,
        TEXT
    }

    private final Session session;

    @Parameters(index = "0", paramLabel = "AGENT", description = "The agent.")
    String agent = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write there instead of to stdout; the file appears when it is complete.")
    String file = "";

    @Option(
            names = "--format",
            paramLabel = "json|text",
            description = "json: {key: {value, version, commit_ts}}, which import reads; text: a line per key.")
    Format format = Format.JSON;

    @Option(
            names = "--at",
            paramLabel = "WHEN",
            description = "As of a commit_ts (1041) or a time (2026-11-21T10:15:30Z, 2026-11-21).")
    String at = "";

    DumpCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        var how = at.isEmpty() ? session.read() : Moment.parse(at).of(session.read());
        Listing<Entry> entries = session.client().scan(Range.of(agent).read(how));
        if (file.isEmpty()) {
            write(entries, session.output()::line);
        } else {
            writeFile(entries, InputText.path(file).toAbsolutePath());
            session.output().success("State dumped to " + file);
        }
        return ExitCode.OK.number();
    }

    private void writeFile(Listing<Entry> entries, Path target) throws IOException {
        Path folder = target.getParent();
        Path unfinished = Files.createTempFile(folder, ".statehousectl-", ".part");
        try {
            try (BufferedWriter writer = Files.newBufferedWriter(unfinished)) {
                write(entries, line -> {
                    writer.write(line);
                    writer.newLine();
                });
            }
            Files.move(unfinished, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /** Where a line goes. */
    private interface Lines {
        void add(String line) throws IOException;
    }

    private void write(Listing<Entry> entries, Lines lines) throws IOException {
        if (format == Format.TEXT) {
            for (Entry entry : entries) {
                lines.add(Printable.of(EntryText.full(entry)));
            }
            return;
        }
        // A line is written when the next one is known to follow it or not: the last one has no comma.
        String pending = "{";
        String comma = "";
        for (Entry entry : entries) {
            lines.add(pending + comma);
            pending = "  " + JsonText.quote(entry.key()) + ":" + EntryText.essence(entry);
            comma = ",";
        }
        lines.add(pending);
        lines.add("}");
    }
}
