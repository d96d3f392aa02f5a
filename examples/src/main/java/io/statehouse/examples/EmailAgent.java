package io.statehouse.examples;

import static io.statehouse.examples.Surroundings.say;

import io.statehouse.client.Json;
import io.statehouse.client.RefusalCode;
import io.statehouse.client.StatehouseClient;
import io.statehouse.client.StatehouseException.Refused;
import io.statehouse.client.ToolException;
import io.statehouse.client.ToolOptions;
import io.statehouse.client.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Sends a mail to each of a few people, once, however often it is started and whenever it is killed.
 *
 * <p>Killed between the sending and the note that it was sent, it leaves an effect of which nobody knows. Its heir does not send
 * again: it looks into the mail server's outbox, and notes what it finds.
 */
public final class EmailAgent {
    private static final List<String> PEOPLE = List.of("ada", "grace", "edsger", "barbara", "leslie");
    private static final ToolOptions OPTIONS =
            ToolOptions.DEFAULT.claim(Duration.ofSeconds(5)).attempts(3, Duration.ZERO);
    private static final Json RECEIPT = Json.of(Map.of("status", "queued"));

    private final Tools tools;
    private final Path outbox;

    private EmailAgent(Tools tools, Path outbox) {
        this.tools = tools;
        this.outbox = outbox;
    }

    /** Runs it; the argument is the file that stands for the mail server's outbox. */
    public static void main(String[] args) throws IOException {
        try (StatehouseClient client = Surroundings.connect()) {
            Path outbox = Path.of(args.length > 0 ? args[0] : "outbox.txt");
            Tools tools = client.agentLayer()
                    .tools("mailer-" + ProcessHandle.current().pid());
            EmailAgent agent = new EmailAgent(tools, outbox);
            for (String person : PEOPLE) {
                agent.write(person);
            }
            say("finished: " + PEOPLE.size() + " people have their mail");
        }
    }

    private void write(String person) throws IOException {
        Json mail = Json.of(Map.of("to", person, "subject", "The report is ready"));
        while (true) {
            try {
                tools.once("", "send_email", mail, () -> send(person), OPTIONS);
                say(person + " has the mail");
                return;
            } catch (ToolException e) {
                switch (e.reason()) {
                    case AMBIGUOUS -> findOut(e.key(), person);
                    case UNDER_WAY -> say("another run is sending to " + person);
                    case FAILED -> throw e;
                }
            }
        }
    }

    /** What stands for the mail server: it has the mail before it answers. */
    private Json send(String person) throws IOException {
        Files.writeString(outbox, person + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        say("the mail server has the mail to " + person);
        Surroundings.pause();
        return RECEIPT;
    }

    private void findOut(String key, String person) throws IOException {
        boolean wasSent = Files.exists(outbox) && Files.readAllLines(outbox).contains(person);
        say("a run died while it sent to " + person + "; the outbox says that it was "
                + (wasSent ? "sent" : "not sent"));
        try {
            if (wasSent) {
                tools.reconcile(key, RECEIPT);
            } else {
                tools.reconcileAsFailed(key, "not in the outbox");
            }
        } catch (Refused e) {
            // Another run found out first; what it noted is read at the next look.
            if (e.code() != RefusalCode.RULE_BROKEN) {
                throw e;
            }
        }
    }
}
