package io.statehouse.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Compiles and runs what the module's README shows, and holds the README to it. */
class ReadmeTest {
    private static final Pattern SHOWN = Pattern.compile("(?s)```java\n(.*?)```");
    private static final Pattern RUN = Pattern.compile("(?s) +// shown in the README\n(.*?)\n +// to here");

    private final List<String> told = new ArrayList<>();

    @Test
    void theReadmeShowsExactlyWhatIsRunHere() throws IOException {
        Path module = Path.of("").toAbsolutePath();
        String readme = Files.readString(module.resolve("README.md"));
        String source = Files.readString(module.resolve("src/test/java/io/statehouse/client/ReadmeTest.java"));
        List<String> shown =
                SHOWN.matcher(readme).results().map(m -> m.group(1).strip()).toList();
        List<String> run = RUN.matcher(source)
                .results()
                .map(m -> m.group(1).stripIndent().strip())
                .toList();

        assertThat(shown).isNotEmpty().isEqualTo(run);
    }

    @Test
    void aFirstWriteAndRead() {
        try (var cluster = new FakeCluster(3)) {
            String addresses = cluster.addresses();
            // shown in the README
            try (var statehouse = StatehouseClient.connect(addresses)) {
                CommitResult done = statehouse.put("ada", "plan", Json.of(Map.of("goal", "book a flight")));
                Entry plan = statehouse.get("ada", "plan");
                tell("version " + plan.version() + " at commit " + done.commitTs() + ": " + plan.require());
            }
            // to here
            assertThat(told).containsExactly("version 1 at commit 1: {\"goal\":\"book a flight\"}");
        }
    }

    @Test
    void manyChangesAtOnce() {
        try (var cluster = new FakeCluster(1);
                var statehouse = cluster.connect()) {
            statehouse.put("ada", "seat", Json.of("12A"));
            // shown in the README
            CommitResult done = statehouse.commit(Commit.builder()
                    .put("ada", "plan", Json.parse("{\"goal\": \"book a flight\", \"budget\": 400}"))
                    .delete("ada", "seat")
                    .require(Condition.versionEquals(StateKey.of("ada", "seat"), 1))
                    .actor("planner")
                    .label("run", "7")
                    .build());
            // to here
            assertThat(done.versions()).containsExactly(1L, 2L);
        }
    }

    @Test
    void aTransactionThatReads() {
        try (var cluster = new FakeCluster(1);
                var statehouse = cluster.connect()) {
            statehouse.put("ada", "plan", Json.of("a plan"));
            // shown in the README
            try (Transaction transaction = statehouse.begin()) {
                Entry plan = transaction.get("ada", "plan");
                transaction.put("ada", "answer", decide(plan));
                transaction.commit();
            }

            long count = statehouse.transact(transaction -> {
                Entry counter = transaction.get("ada", "count");
                long next = counter.exists() ? counter.require().longValue() + 1 : 1;
                transaction.put("ada", "count", Json.of(next));
                return next;
            });
            // to here
            assertThat(count).isEqualTo(1);
            assertThat(statehouse.get("ada", "answer").require()).isEqualTo(Json.of("a plan"));
        }
    }

    @Test
    void doubtAndItsEnd() {
        try (var cluster = new FakeCluster(1);
                var statehouse = cluster.connect(
                        o -> o.callTimeout(Duration.ofMillis(400)).tryTimeout(Duration.ofMillis(150)))) {
            cluster.node(0).silentFor("Commit");
            // shown in the README
            Commit commit = Commit.builder()
                    .id(statehouse.newTransactionId())
                    .put("ada", "task", Json.of("done"))
                    .build();
            try {
                statehouse.commit(commit);
            } catch (StatehouseException.Refused e) {
                tell("not applied, and will not be: " + e.code() + " " + e.details());
            } catch (StatehouseException.Unavailable e) {
                tell("not applied; try again later");
            } catch (StatehouseException.OutcomeUnknown e) {
                TransactionFate fate = statehouse.resolve(e.transactionId());
                tell("now certain: " + fate.status());
            }
            // to here
            assertThat(told).containsExactly("now certain: COMMITTED");
        }
    }

    @Test
    void listsAndThePast() {
        try (var cluster = new FakeCluster(1);
                var statehouse = cluster.connect()) {
            statehouse.put("ada", "note/1", Json.of(1));
            Instant yesterday = Instant.now();
            // shown in the README
            for (Entry note : statehouse.scan("ada", "note/")) {
                tell(note.key() + " = " + note.require());
            }

            StateKey key = StateKey.of("ada", "note/1");
            Entry then = statehouse.getAt("ada", "note/1", yesterday);
            Entry first = statehouse.getVersion("ada", "note/1", 1);
            Entry own = statehouse.get(key, Read.atLeast(first.commitTs()));
            Entry cheap = statehouse.get(key, Read.local());
            // to here
            assertThat(told).containsExactly("note/1 = 1");
            assertThat(List.of(then, own, cheap)).allMatch(Entry::exists);
        }
    }

    @Test
    void aReplay() {
        try (var cluster = new FakeCluster(1);
                var statehouse = cluster.connect()) {
            statehouse.put("ada", "task", Json.of(1));
            // shown in the README
            try (Replay replay = statehouse.replay(ReplayQuery.of("ada").from(1))) {
                while (replay.hasNext()) {
                    Event event = replay.next();
                    tell(event.commitTs() + ": " + event.operations().size() + " operations");
                }
            }
            // to here
            assertThat(told).containsExactly("1: 1 operations");
        }
    }

    @Test
    void futuresAndOptions() {
        try (var cluster = new FakeCluster(1)) {
            String addresses = cluster.addresses();
            // shown in the README
            ClientOptions options = ClientOptions.of(addresses)
                    .namespace("travel")
                    .actor("planner")
                    .callTimeout(Duration.ofSeconds(5));
            try (var statehouse = StatehouseClient.connect(options)) {
                CompletableFuture<Entry> plan = statehouse
                        .putAsync("ada", "plan", Json.of("fly"))
                        .thenCompose(done -> statehouse.getAsync("ada", "plan"));
                tell(plan.join().require().text());
            }
            // to here
            assertThat(told).containsExactly("\"fly\"");
        }
    }

    private static Json decide(Entry plan) {
        return Objects.requireNonNull(plan.value());
    }

    private void tell(String line) {
        told.add(line);
    }
}
