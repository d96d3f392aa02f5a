package io.statehouse.cluster.check.workload;

import io.statehouse.cluster.check.Anomaly;
import io.statehouse.cluster.check.Checker;
import io.statehouse.cluster.check.Findings;
import io.statehouse.cluster.check.Verdict;
import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.CallText;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.Replay;
import io.statehouse.cluster.check.history.ReplayedCommit;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.event.Event;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * C4: transfers move money and make none.
 *
 * <p>Accounts are keys of one agent that hold whole numbers, all opened in the first commit of the load. Settings
 * {@value #TOTAL} and {@value #ACCOUNTS} say what they hold together and how many they are. Every snapshot, of the present or
 * the past, adds up to the total, and so does the journal after every commit.
 */
public final class BankChecker implements Checker {
    public static final String TOTAL = "bank.total";
    public static final String ACCOUNTS = "bank.accounts";
    private static final Set<Load> LOADS = Set.of(Load.BANK, Load.TIME_TRAVEL, Load.AUDIT);

    @Override
    public String name() {
        return "bank";
    }

    @Override
    public Verdict check(History history) {
        Set<Agent> banks = new HashSet<>();
        history.callsOf(Load.BANK).forEach(call -> {
            if (call.request() instanceof Request.Commit commit) {
                commit.operations()
                        .forEach(operation -> banks.add(operation.key().agent()));
            }
        });
        if (banks.isEmpty()) {
            return new Verdict.Legal(0);
        }
        String total = history.settings().get(TOTAL);
        String accounts = history.settings().get(ACCOUNTS);
        if (total == null || accounts == null || banks.size() > 1) {
            return new Verdict.Undecided("the bank needs one agent and the settings " + TOTAL + " and " + ACCOUNTS);
        }
        Bank bank = new Bank(banks.iterator().next(), Long.parseLong(total), Integer.parseInt(accounts));
        Findings findings = new Findings();
        long snapshots = history.callsOf(LOADS)
                .filter(call -> bank.judgeSnapshot(call, findings))
                .count();
        Replay longest = history.longestReplay();
        long commits = longest == null ? 0 : bank.judge(longest, findings);
        return findings.verdict(snapshots + commits);
    }

    /** What the bank's numbers must be. */
    private record Bank(Agent agent, long total, int accounts) {

        boolean judgeSnapshot(Call call, Findings findings) {
            if (!call.isOk()
                    || !(call.request() instanceof Request.Scan scan)
                    || !scan.agent().equals(agent)
                    || !scan.prefix().isEmpty()
                    || !(call.response() instanceof Response.Scanned scanned)
                    || scanned.rows().isEmpty()) {
                return false;
            }
            long sum = 0;
            for (Response.Row row : scanned.rows()) {
                long balance = balance(row.value());
                sum += balance;
                if (balance < 0) {
                    findings.add(Anomaly.NEGATIVE_BALANCE, row.name() + "\n  " + CallText.of(call));
                }
            }
            if (sum != total || scanned.rows().size() != accounts) {
                findings.add(
                        Anomaly.TOTAL_CHANGED,
                        "%d accounts with %d in all, where %d hold %d:\n  %s\n  %s"
                                .formatted(
                                        scanned.rows().size(),
                                        sum,
                                        accounts,
                                        total,
                                        CallText.of(call),
                                        CallText.shown(scanned.rows())));
            }
            return true;
        }

        /** Follows every account through the journal; what a commit takes from some it gives to others. */
        long judge(Replay replay, Findings findings) {
            Map<Key, Long> balances = new HashMap<>();
            long sum = 0;
            long touched = 0;
            for (ReplayedCommit commit : replay.commits()) {
                boolean isOurs = false;
                for (Event event : commit.events()) {
                    if (event.key().agent().equals(agent)) {
                        isOurs = true;
                        long balance = event instanceof Event.EntryPut put ? balance(put.value()) : 0;
                        Long before = balances.put(event.key(), balance);
                        sum += balance - (before == null ? 0 : before);
                    }
                }
                touched += isOurs ? 1 : 0;
                if (isOurs && sum != total) {
                    findings.add(
                            Anomaly.TOTAL_CHANGED,
                            "with commit_ts %s the accounts hold %d, not %d".formatted(commit.commitTs(), sum, total));
                }
            }
            return touched;
        }

        private static long balance(Json value) {
            return Long.parseLong(value.toString().strip());
        }
    }
}
