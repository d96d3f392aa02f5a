package io.statehouse.statemachine;

import io.statehouse.statemachine.command.CheckDigest;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.CreateToken;
import io.statehouse.statemachine.command.ExpireDue;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.command.RaiseFeatureLevel;
import io.statehouse.statemachine.command.ResolveTransaction;
import io.statehouse.statemachine.command.RetainDue;
import io.statehouse.statemachine.command.RevokeToken;
import io.statehouse.statemachine.command.SetQuota;
import io.statehouse.statemachine.command.SetRetention;
import io.statehouse.statemachine.command.Stamp;
import io.statehouse.statemachine.decide.Decider;
import io.statehouse.statemachine.decide.Decision;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.decide.RequestRules;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.history.Deadlines;
import io.statehouse.statemachine.history.Fingerprint;
import io.statehouse.statemachine.history.HashChain;
import io.statehouse.statemachine.history.Journal;
import io.statehouse.statemachine.history.KeptReply;
import io.statehouse.statemachine.history.Quotas;
import io.statehouse.statemachine.history.ReplyLedger;
import io.statehouse.statemachine.history.Retention;
import io.statehouse.statemachine.history.Tokens;
import io.statehouse.statemachine.project.Projector;
import io.statehouse.statemachine.state.Applied;
import io.statehouse.statemachine.state.Applied.Trimming;
import io.statehouse.statemachine.state.CommitPoint;
import io.statehouse.statemachine.state.HeadCache;
import io.statehouse.statemachine.state.PendingHeads;
import io.statehouse.statemachine.state.StateDigest;
import io.statehouse.statemachine.storage.WriteUnit;
import java.util.ArrayList;
import java.util.List;

/** One batch on its way into a unit: the numbers after each command, and the commands one after another. */
final class Execution {
    /** Bounds the work beside a command; a backlog of deadlines is worked off over many. */
    private static final int EXPIRED_PER_COMMAND_MAX = 64;

    private static final int EXPIRED_BY_TICK_MAX = 1_000;

    private final RequestRules rules;
    private final Decider decider;
    private final ReplyLedger ledger;
    private final Deadlines deadlines;
    private final WriteUnit unit;
    private final PendingHeads heads;
    private Applied applied;

    /** What the executing thread remembers from batch to batch. */
    record Memory(ReplyLedger ledger, Deadlines deadlines, HeadCache cache) {
        Memory(Limits limits) {
            this(new ReplyLedger(limits), new Deadlines(), new HeadCache());
        }
    }

    Execution(Limits limits, Memory memory, WriteUnit unit, Applied applied) {
        this.rules = new RequestRules(limits);
        this.decider = new Decider(limits);
        this.ledger = memory.ledger();
        this.deadlines = memory.deadlines();
        this.unit = unit;
        this.heads = new PendingHeads(unit, memory.cache());
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
        boolean isTick = command instanceof ExpireDue || command instanceof RetainDue;
        expireDue(isTick ? EXPIRED_BY_TICK_MAX : EXPIRED_PER_COMMAND_MAX, stamp);
        return switch (command) {
            case CheckDigest check -> compare(check);
            case ExpireDue due -> new Reply.Done();
            case RetainDue due -> retain();
            case RaiseFeatureLevel raise -> raise(raise);
            case CommitTransaction commit -> decide(commit, stamp);
            case ResolveTransaction resolve -> decide(resolve, stamp);
            case SetRetention set -> decide(set, stamp);
            case SetQuota set -> decide(set, stamp);
            case CreateToken create -> decide(create, stamp);
            case RevokeToken revoke -> decide(revoke, stamp);
        };
    }

    /** Keys whose deadline log time has passed lose their values before the command, in a commit of their own. */
    private void expireDue(int rowsMax, Stamp stamp) {
        List<Key> due = deadlines.takeDue(applied.logWallMillis(), rowsMax, heads, unit);
        if (!due.isEmpty()) {
            CommitPoint point = nextPoint();
            TxnId id = new TxnId("expiry-" + point.commitTs());
            commit(
                    new CommittedTransaction(
                            point.commitTs(),
                            point.wallMillis(),
                            id,
                            Decider.expire(due, heads),
                            List.of(),
                            Origin.NONE),
                    point,
                    stamp);
        }
    }

    private CommitPoint nextPoint() {
        return new CommitPoint(applied.commitTs().next(), applied.logWallMillis());
    }

    private Reply retain() {
        applied = applied.with(new Retention(applied.trimming(), applied.logWallMillis(), unit).tick());
        if (applied.quotas() > 0) {
            Quotas.tick(unit);
        }
        return new Reply.Done();
    }

    private Reply raise(RaiseFeatureLevel raise) {
        applied = applied.withFeatureLevel(raise.level());
        return new Reply.Done();
    }

    private Reply set(SetRetention set) {
        Trimming after = Retention.set(set, applied.trimming(), unit);
        if (after.namespaces() > Limits.RETENTION_NAMESPACES_MAX) {
            return new Reply.LimitExceeded(
                    "retentionNamespacesMax", Limits.RETENTION_NAMESPACES_MAX, after.namespaces());
        }
        applied = applied.with(after);
        return new Reply.RetentionSet();
    }

    private Reply set(SetQuota set) {
        long namespaces = Quotas.set(set, applied.quotas(), unit);
        if (namespaces > Limits.QUOTA_NAMESPACES_MAX) {
            return new Reply.LimitExceeded("quotaNamespacesMax", Limits.QUOTA_NAMESPACES_MAX, namespaces);
        }
        applied = applied.withQuotas(namespaces);
        return new Reply.RetentionSet();
    }

    private Reply compare(CheckDigest check) {
        if (check.commitTs().isAfter(applied.commitTs())) {
            throw new DivergedException(check.commitTs(), check.digest(), null);
        }
        StateDigest here = Journal.digestAt(check.commitTs(), unit);
        if (here != null && !here.equals(check.digest())) {
            throw new DivergedException(check.commitTs(), check.digest(), here);
        }
        return new Reply.Done();
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
        CommitPoint point = nextPoint();
        Decision decision = withinQuotas(decider.decide(command, point, heads));
        if (command instanceof CommitTransaction commit && decision.reply() instanceof Reply.Committed) {
            commit(
                    new CommittedTransaction(
                            point.commitTs(),
                            point.wallMillis(),
                            commit.txnId(),
                            decision.events(),
                            commit.readSet(),
                            commit.origin()),
                    point,
                    stamp);
        }
        if (isOfThisEntryOnly(decision.reply())) {
            // Others in the entry left no room: nothing that should be answered again to who asks again.
            return decision.reply();
        }
        Reply reply = settle(command, decision.reply());
        KeptReply kept = new KeptReply(asked, applied.logWallMillis(), reply);
        applied = applied.with(ledger.keep(command.txnId(), kept, applied.forgetting(), unit));
        return reply;
    }

    private static boolean isOfThisEntryOnly(Reply reply) {
        return reply instanceof Reply.LimitExceeded limit && limit.limit().equals(Limits.ENTRY_EDIT_WORK);
    }

    private Decision withinQuotas(Decision decision) {
        if (applied.quotas() == 0 || decision.events().isEmpty()) {
            return decision;
        }
        Reply passed = Quotas.firstPassed(decision.events(), unit);
        return passed == null ? decision : Decision.refused(passed);
    }

    /** What was decided and makes no event is done here. */
    private Reply settle(Command command, Reply decided) {
        if (decided instanceof Reply.RetentionSet && command instanceof SetRetention set) {
            return set(set);
        }
        if (decided instanceof Reply.RetentionSet && command instanceof SetQuota set) {
            return set(set);
        }
        if (decided instanceof Reply.TokensChanged && command instanceof CreateToken create) {
            return Tokens.create(create.token().madeAt(applied.logWallMillis()), unit);
        }
        if (decided instanceof Reply.TokensChanged && command instanceof RevokeToken revoke) {
            return Tokens.revoke(revoke, unit);
        }
        return decided;
    }

    private void commit(CommittedTransaction committed, CommitPoint point, Stamp stamp) {
        if (applied.quotas() > 0) {
            Quotas.follow(committed.events(), unit);
        }
        StateDigest digest = Projector.project(committed, unit, applied.digest());
        byte[] salt = HashChain.salt(stamp.salt(), point.commitTs());
        byte[] chain = Journal.append(committed, salt, new Journal.Hashes(applied.chainHash(), digest), unit);
        heads.learn(committed);
        deadlines.keep(committed, unit);
        applied = applied.committed(point, chain, digest);
        if (applied.trimming().namespaces() > 0) {
            applied = applied.with(new Retention(applied.trimming(), applied.logWallMillis(), unit).follow(committed));
        }
    }
}
