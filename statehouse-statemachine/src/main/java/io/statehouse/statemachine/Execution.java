package io.statehouse.statemachine;

import io.statehouse.statemachine.command.CheckDigest;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Stamp;
import io.statehouse.statemachine.decide.Decider;
import io.statehouse.statemachine.decide.Decision;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.decide.RequestRules;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.history.Fingerprint;
import io.statehouse.statemachine.history.HashChain;
import io.statehouse.statemachine.history.Journal;
import io.statehouse.statemachine.history.KeptReply;
import io.statehouse.statemachine.history.ReplyLedger;
import io.statehouse.statemachine.project.Projector;
import io.statehouse.statemachine.state.Applied;
import io.statehouse.statemachine.state.CommitPoint;
import io.statehouse.statemachine.state.HeadCache;
import io.statehouse.statemachine.state.PendingHeads;
import io.statehouse.statemachine.state.StateDigest;
import io.statehouse.statemachine.storage.WriteUnit;
import java.util.ArrayList;
import java.util.List;

/** One batch on its way into a unit: the numbers after each command, and the commands one after another. */
final class Execution {
    private final RequestRules rules;
    private final Decider decider;
    private final ReplyLedger ledger;
    private final WriteUnit unit;
    private final PendingHeads heads;
    private Applied applied;

    Execution(Limits limits, ReplyLedger ledger, HeadCache cache, WriteUnit unit, Applied applied) {
        this.rules = new RequestRules(limits);
        this.decider = new Decider(limits);
        this.ledger = ledger;
        this.unit = unit;
        this.heads = new PendingHeads(unit, cache);
        this.applied = applied;
    }

    List<Reply> execute(LoggedBatch batch) {
        List<Reply> replies = new ArrayList<>(batch.commands().size());
        applied = applied.withLogTime(batch.stamp().proposedWallMillis());
        for (Command command : batch.commands()) {
            replies.add(execute(command, batch.stamp()));
            applied =
                    applied.with(ledger.sweep(applied.forgetting(), applied.commitTs(), applied.logWallMillis(), unit));
        }
        return replies;
    }

    /** How far the store has come with what was executed here. */
    Applied applied() {
        return applied;
    }

    private Reply execute(Command command, Stamp stamp) {
        return command instanceof CheckDigest check ? compare(check) : decide(command, stamp);
    }

    private Reply compare(CheckDigest check) {
        if (check.commitTs().isAfter(applied.commitTs())) {
            throw new DivergedException(check.commitTs(), check.digest(), null);
        }
        StateDigest here = Journal.digestAt(check.commitTs(), unit);
        if (here != null && !here.equals(check.digest())) {
            throw new DivergedException(check.commitTs(), check.digest(), here);
        }
        return new Reply.Agreed();
    }

    private Reply decide(Command command, Stamp stamp) {
        Reply unusable = rules.firstBroken(command.txnId());
        if (unusable != null) {
            return unusable;
        }
        Fingerprint asked = Fingerprint.of(command);
        Reply known = ledger.answer(command, asked, applied.logWallMillis(), unit);
        if (known != null) {
            return known;
        }
        CommitPoint point = new CommitPoint(applied.commitTs().next(), applied.logWallMillis());
        Decision decision = decider.decide(command, point, heads);
        if (command instanceof CommitTransaction commit && decision.reply() instanceof Reply.Committed) {
            commit(commit, decision, point, stamp);
        }
        KeptReply kept = new KeptReply(asked, applied.logWallMillis(), decision.reply());
        applied = applied.with(ledger.keep(command.txnId(), kept, applied.forgetting(), unit));
        return decision.reply();
    }

    private void commit(CommitTransaction command, Decision decision, CommitPoint point, Stamp stamp) {
        CommittedTransaction committed = new CommittedTransaction(
                point.commitTs(),
                point.wallMillis(),
                command.txnId(),
                decision.events(),
                command.readSet(),
                command.origin());
        StateDigest digest = Projector.project(committed, unit, applied.digest());
        byte[] salt = HashChain.salt(stamp.salt(), point.commitTs());
        byte[] chain = Journal.append(committed, salt, new Journal.Hashes(applied.chainHash(), digest), unit);
        heads.learn(committed);
        applied = applied.committed(point, chain, digest);
    }
}
