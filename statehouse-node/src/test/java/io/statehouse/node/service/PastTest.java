package io.statehouse.node.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.raft.Member;
import io.statehouse.raft.SoloLog;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.storage.TreeStore;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PastTest {
    /** Else a repetition would find its commit, and nothing of what it wrote, and be told that another had used its id. */
    @Test
    void whatIsCommittedAfterTheLookHasBegunHasNoFateInIt() {
        StateMachine machine = StateMachine.open(new TreeStore(), Limits.DEFAULT);
        var log = SoloLog.open(
                new Member("n1", "127.0.0.1:1", "127.0.0.1:1"), machine, Clock.systemUTC(), new SplittableRandom(1));
        log.start();
        TxnId id = new TxnId("id");
        Operation put = new Operation.Put(
                new Agent(Agent.DEFAULT_NAMESPACE, "ada").key("k"),
                Json.ofTrusted("1".getBytes(StandardCharsets.UTF_8)));

        Past before = new Past(machine);
        assertThat(log.propose(new CommitTransaction(id, List.of(put), List.of(), List.of(), Origin.NONE))
                        .join())
                .isInstanceOf(Reply.Committed.class);

        assertThat(before.fate(id)).isNull();
        assertThat(new Past(machine).fate(id)).isInstanceOf(Reply.Committed.class);
        log.close();
    }
}
