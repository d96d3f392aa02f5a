package io.statehouse.statemachine.transcript;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.command.ReadRecord;
import io.statehouse.statemachine.command.ResolveTransaction;
import io.statehouse.statemachine.command.Stamp;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * How transcripts write commands down.
 *
 * <p>{@code @<wall millis>} opens a batch; {@code txn <id>} opens a transaction, whose lines follow; {@code resolve <id>} is
 * a command of its own. A key is {@code <namespace>|<agent>|<name>}; in it {@code \0}, {@code \n} and {@code \_} stand for
 * NUL, newline and space.
 */
final class Notation {
    private Notation() {}

    static LoggedBatch batch(List<String> lines, long batchId) {
        long wallMillis = Long.parseLong(lines.getFirst().substring(1));
        List<Command> commands = new ArrayList<>();
        Transaction open = null;
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.split(" ", 3);
            if (words[0].equals("resolve") || words[0].equals("txn")) {
                if (open != null) {
                    commands.add(open.build());
                }
                TxnId id = new TxnId(words.length < 2 ? "" : words[1]);
                open = words[0].equals("txn") ? new Transaction(id) : null;
                if (open == null) {
                    commands.add(new ResolveTransaction(id));
                }
            } else if (open != null) {
                open.add(words[0], key(words[1]), words.length < 3 ? "" : words[2]);
            }
        }
        if (open != null) {
            commands.add(open.build());
        }
        return new LoggedBatch(new Stamp(wallMillis, new byte[16]), 1, batchId, commands);
    }

    static String text(Key key) {
        String text = key.agent().namespace() + "|" + key.agent().id() + "|" + key.name();
        return text.replace("\0", "\\0").replace("\n", "\\n").replace(" ", "\\_");
    }

    private static Key key(String text) {
        String[] parts = text.replace("\\0", "\0")
                .replace("\\n", "\n")
                .replace("\\_", " ")
                .split("\\|", -1);
        return new Agent(parts[0], parts[1]).key(parts[2]);
    }

    /** A transaction whose lines are still being read. */
    private static final class Transaction {
        private final TxnId id;
        private final List<Operation> operations = new ArrayList<>();
        private final List<Condition> conditions = new ArrayList<>();
        private final List<ReadRecord> reads = new ArrayList<>();

        Transaction(TxnId id) {
            this.id = id;
        }

        void add(String verb, Key key, String rest) {
            switch (verb) {
                case "put" -> operations.add(new Operation.Put(key, json(rest)));
                case "append" -> operations.add(new Operation.Append(key, json(rest)));
                case "add" -> operations.add(new Operation.Edit(key, Operation.Change.ADD, json(rest)));
                case "merge-patch" -> operations.add(new Operation.Edit(key, Operation.Change.MERGE_PATCH, json(rest)));
                case "json-patch" -> operations.add(new Operation.Edit(key, Operation.Change.JSON_PATCH, json(rest)));
                case "delete" -> operations.add(new Operation.Delete(key));
                case "if-version" -> conditions.add(new Condition.VersionEquals(key, Long.parseLong(rest)));
                case "if-exists" -> conditions.add(new Condition.Exists(key));
                case "if-absent" -> conditions.add(new Condition.Absent(key));
                case "if-unchanged-since" ->
                    conditions.add(new Condition.UnchangedSince(key, new CommitTs(Long.parseLong(rest))));
                case "if-agent-unchanged-since" ->
                    conditions.add(new Condition.AgentUnchangedSince(key.agent(), new CommitTs(Long.parseLong(rest))));
                case "read" -> reads.add(new ReadRecord(key, Long.parseLong(rest)));
                default -> throw new IllegalArgumentException("no such verb in a transcript: " + verb);
            }
        }

        private static Json json(String text) {
            return Json.ofTrusted(text.getBytes(StandardCharsets.UTF_8));
        }

        CommitTransaction build() {
            return new CommitTransaction(id, operations, conditions, reads, Origin.NONE);
        }
    }
}
