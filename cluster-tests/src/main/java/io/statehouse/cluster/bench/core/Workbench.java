package io.statehouse.cluster.bench.core;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.codec.LogCodec;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Operation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** A state to work on, and the log that it is made of: puts of 256 bytes, by ten agents in turn, to 400 keys of each. */
final class Workbench implements AutoCloseable {
    static final int AGENTS = 10;
    static final int KEYS_PER_AGENT = 400;

    private static final int VALUE_BYTES = 256;
    private static final int VALUES = 64;
    private static final long FIRST_MILLIS = 1_800_000_000_000L;
    private static final int FILL_BATCH = 256;

    private final StateMachine state;
    private final SplittableRandom random = new SplittableRandom(1);
    private final LoggedPuts puts = new LoggedPuts(random);
    private final List<Json> values =
            IntStream.range(0, VALUES).mapToObj(Workbench::value).toList();
    private long made;
    private long entries;

    Workbench(Engine engine) {
        this.state = engine.open();
    }

    private static Json value(int seed) {
        var text = new StringBuilder("{\"text\":\"");
        new SplittableRandom(seed)
                .ints(VALUE_BYTES - "{\"text\":\"\"}".length(), 'a', 'z' + 1)
                .forEach(text::appendCodePoint);
        return Json.ofTrusted(text.append("\"}").toString().getBytes(StandardCharsets.UTF_8));
    }

    static Agent agent(long number) {
        return new Agent(Agent.DEFAULT_NAMESPACE, "agent-" + number % AGENTS);
    }

    static String keyName(int number) {
        return "state/key-" + number;
    }

    StateMachine state() {
        return state;
    }

    SplittableRandom random() {
        return random;
    }

    /** How many transactions {@link #next} has made. */
    long made() {
        return made;
    }

    /** The next entry of the log with so many transactions, as a replica gets it: decoded from its bytes. */
    LoggedBatch next(int transactions) {
        List<Operation.Put> operations = IntStream.range(0, transactions)
                .mapToObj(unused -> new Operation.Put(
                        agent(made++).key(keyName(random.nextInt(KEYS_PER_AGENT))), values.get(random.nextInt(VALUES))))
                .toList();
        LoggedBatch batch = puts.batch(FIRST_MILLIS + made, made, operations);
        return LogCodec.decode(ByteBuffer.wrap(LogCodec.encode(batch)));
    }

    /** Applies an entry; returns how many replies it came to. */
    int apply(LoggedBatch batch) {
        return state.execute(new LogPosition(1, ++entries), batch).size();
    }

    /** Makes the state hold so many commits. */
    void fill(long commits) {
        while (made < commits) {
            int unused = apply(next((int) Math.min(FILL_BATCH, commits - made)));
        }
        if (state.progress().commitTs().value() != commits) {
            throw new IllegalStateException("a store of " + state.progress().commitTs() + " commits, not " + commits);
        }
    }

    @Override
    public void close() {
        state.close();
    }
}
