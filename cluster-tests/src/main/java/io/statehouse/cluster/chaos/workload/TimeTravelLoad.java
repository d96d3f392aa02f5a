package io.statehouse.cluster.chaos.workload;

import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.ReadPoint;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import java.util.ArrayList;
import java.util.List;

/**
 * W9: questions about the past are asked again later and elsewhere, and have one answer for ever.
 *
 * <p>Its own one key changes all the time; where a bank runs beside it, the bank's past is looked at too.
 */
public final class TimeTravelLoad implements Workload {
    private static final int REMEMBERED_MAX = 64;
    private static final int WRITE_PERCENT = 30;
    private static final int AGAIN_PERCENT = 60;
    private static final Agent AGENT = Words.agent("calendar");

    /** Guarded by itself. */
    private final List<Request> known = new ArrayList<>();

    @Override
    public Load load() {
        return Load.TIME_TRAVEL;
    }

    @Override
    public List<String> checkers() {
        return List.of("time-travel");
    }

    @Override
    public int processes() {
        return 1;
    }

    @Override
    public Actor hire(Desk desk) {
        return new Traveller(desk);
    }

    @Override
    public List<Request> lastQuestions() {
        synchronized (known) {
            return List.copyOf(known);
        }
    }

    private final class Traveller implements Actor {
        private final Desk desk;
        private long today = 1;
        private long pages;

        Traveller(Desk desk) {
            this.desk = desk;
        }

        @Override
        public void act() {
            if (desk.chance(WRITE_PERCENT)) {
                var page = new io.statehouse.statemachine.command.Operation.Put(
                        AGENT.key("today"), Words.json(Long.toString(++pages)));
                Response answer = desk.client().commit(desk.client().newId(), List.of(page), List.of());
                if (answer instanceof Response.Committed committed) {
                    today = Math.max(today, committed.commitTs().value());
                }
            } else {
                Request question = question();
                var unused = desk.anyNode().ask(question, pointOf(question));
            }
        }

        private Request question() {
            synchronized (known) {
                if (!known.isEmpty() && desk.chance(AGAIN_PERCENT)) {
                    return known.get(desk.random().nextInt(known.size()));
                }
                var at = new ReadPoint.AtCommit(new CommitTs(1 + desk.random().nextLong(today)));
                Request made = desk.chance(50)
                        ? new Request.Read(AGENT.key("today"), at)
                        : new Request.Scan(BankLoad.BANK, "", at);
                if (known.size() >= REMEMBERED_MAX) {
                    known.remove(desk.random().nextInt(known.size()));
                }
                known.add(made);
                return made;
            }
        }
    }

    /** The moment a question is about. */
    static ReadPoint pointOf(Request question) {
        if (question instanceof Request.Read read) {
            return read.at();
        }
        return question instanceof Request.Scan scan ? scan.at() : ReadPoint.LATEST;
    }
}
