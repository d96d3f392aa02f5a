package io.statehouse.cluster.chaos.workload;

import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.ReadPoint;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * W1: many callers read, overwrite and conditionally write the same few keys, through the leader and through followers.
 *
 * <p>Keys are used up: the search for a legal order is exponential in what happens to one key at once, and cheap over many keys.
 */
public final class RegisterLoad implements Workload {
    private static final int KEYS_AT_ONCE = 2;
    private static final int CALLS_PER_KEY_MAX = 240;
    private static final int READ_PERCENT = 45;
    private static final int BLIND_WRITE_PERCENT = 50;
    private static final int DELETE_PERCENT = 5;
    private static final Agent AGENT = Words.agent("register");

    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong values = new AtomicLong();

    @Override
    public Load load() {
        return Load.REGISTER;
    }

    @Override
    public List<String> checkers() {
        return List.of("linearizable");
    }

    @Override
    public int processes() {
        return 3;
    }

    @Override
    public Actor hire(Desk desk) {
        return new Register(desk);
    }

    private Key nextKey(Desk desk) {
        long generation = calls.incrementAndGet() / (CALLS_PER_KEY_MAX * KEYS_AT_ONCE);
        return key(generation * KEYS_AT_ONCE + desk.random().nextInt(KEYS_AT_ONCE));
    }

    private static Key key(long number) {
        return AGENT.key("key-" + number);
    }

    @Override
    public List<Request> lastQuestions() {
        long generations = calls.get() / (CALLS_PER_KEY_MAX * KEYS_AT_ONCE) + 1;
        List<Request> questions = new ArrayList<>();
        for (long number = 0; number < generations * KEYS_AT_ONCE; number++) {
            questions.add(new Request.Read(key(number), ReadPoint.LATEST));
        }
        return questions;
    }

    /** Writes under the version that it saw last, if it writes under one at all. */
    private final class Register implements Actor {
        private final Desk desk;
        private @Nullable Key seenKey;
        private long seenVersion;

        Register(Desk desk) {
            this.desk = desk;
        }

        @Override
        public void act() {
            Key key = nextKey(desk);
            if (desk.chance(READ_PERCENT)) {
                read(key);
            } else if (desk.chance(BLIND_WRITE_PERCENT) || !key.equals(seenKey)) {
                write(key, List.of());
            } else {
                write(key, List.of(new Condition.VersionEquals(key, seenVersion)));
            }
        }

        private void read(Key key) {
            var client = desk.chance(50) ? desk.client() : desk.anyNode();
            Response answer = client.read(new Request.Read(key, ReadPoint.LATEST));
            if (answer instanceof Response.Found found) {
                seenKey = key;
                seenVersion = found.version();
            }
        }

        private void write(Key key, List<Condition> conditions) {
            Operation change = desk.chance(DELETE_PERCENT)
                    ? new Operation.Delete(key)
                    : new Operation.Put(key, Words.json(Long.toString(values.incrementAndGet())));
            Response answer = desk.client().commit(desk.client().newId(), List.of(change), conditions);
            if (answer instanceof Response.Committed committed) {
                seenKey = key;
                seenVersion = committed.versions().getFirst();
            } else if (answer instanceof Response.Conflict conflict) {
                seenKey = key;
                seenVersion = conflict.currentVersion();
            }
        }
    }
}
