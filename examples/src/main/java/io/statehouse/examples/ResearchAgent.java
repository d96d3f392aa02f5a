package io.statehouse.examples;

import static io.statehouse.examples.Surroundings.say;

import io.statehouse.client.StatehouseClient;
import java.util.List;
import java.util.Map;

/**
 * Works through questions one after the other, and goes on where it stopped when it is started again.
 *
 * <p>Each answer is an event that is appended behind those that the agent knows of. So a second run that is under way at the same
 * time appends nothing twice: one of the two is told that another was there first.
 */
public final class ResearchAgent {
    private static final List<String> QUESTIONS = List.of(
            "What is consensus?",
            "What does a leader do?",
            "What is a log?",
            "What is a snapshot?",
            "What is a lease?",
            "What is a fencing token?");

    private final EventLog log;

    private ResearchAgent(EventLog log) {
        this.log = log;
    }

    /** Runs it; the argument names the session. */
    public static void main(String[] args) {
        try (StatehouseClient client = Surroundings.connect()) {
            String session = args.length > 0 ? args[0] : "research";
            new ResearchAgent(EventLog.open(client.agentLayer(), session, "append")).run();
        }
    }

    private void run() {
        long done = log.count();
        if (done > 0) {
            say("resumes behind step " + done);
        }
        while (done < QUESTIONS.size()) {
            String question = QUESTIONS.get((int) done);
            String answer = askModel(question);
            boolean isOurs = log.append(
                    done,
                    "llm_response",
                    Map.of("question", question, "content", answer),
                    Map.of(
                            "metadata",
                            Map.of("model", "stub", "tokens_in", question.length(), "tokens_out", answer.length())));
            done = isOurs ? done + 1 : log.count();
            say("step " + done + " of " + QUESTIONS.size() + (isOurs ? "" : ", by another run") + ": " + question);
        }
        say("finished: " + log.read().size() + " answers");
    }

    /** What stands for the model. */
    private static String askModel(String question) {
        Surroundings.pause();
        return "All that is known of: " + question;
    }
}
