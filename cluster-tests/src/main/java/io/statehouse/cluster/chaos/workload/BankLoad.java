package io.statehouse.cluster.chaos.workload;

import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.ReadPoint;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.cluster.check.workload.BankChecker;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** W4: transfers between accounts under the versions that were seen, and snapshots of all accounts. Money is never made. */
public final class BankLoad implements Workload {
    /** The agent whose keys the accounts are. */
    static final Agent BANK = Words.agent("bank");

    private static final int ACCOUNTS = 8;
    private static final long OPENING_BALANCE = 100;
    private static final long AMOUNT_MAX = 10;
    private static final int LOOK_PERCENT = 20;

    @Override
    public Load load() {
        return Load.BANK;
    }

    @Override
    public List<String> checkers() {
        return List.of("bank");
    }

    @Override
    public Map<String, String> settings() {
        return Map.of(
                BankChecker.ACCOUNTS, Integer.toString(ACCOUNTS),
                BankChecker.TOTAL, Long.toString(ACCOUNTS * OPENING_BALANCE));
    }

    @Override
    public void prepare(Desk desk) {
        List<Operation> openings = new ArrayList<>();
        for (int account = 0; account < ACCOUNTS; account++) {
            openings.add(new Operation.Put(BANK.key("account-" + account), balance(OPENING_BALANCE)));
        }
        var answer = desk.client().commit(desk.client().newId(), openings, List.of());
        if (!(answer instanceof Response.Committed)) {
            throw new IllegalStateException("the accounts could not be opened: " + answer);
        }
    }

    @Override
    public Actor hire(Desk desk) {
        return () -> {
            var client = desk.chance(50) ? desk.client() : desk.anyNode();
            Response seen = client.scan(new Request.Scan(BANK, "", ReadPoint.LATEST));
            if (seen instanceof Response.Scanned accounts && accounts.rows().size() > 1 && !desk.chance(LOOK_PERCENT)) {
                transfer(accounts.rows(), desk);
            }
        };
    }

    private static void transfer(List<Response.Row> rows, Desk desk) {
        int from = desk.random().nextInt(rows.size());
        int to = (from + 1 + desk.random().nextInt(rows.size() - 1)) % rows.size();
        Response.Row source = rows.get(from);
        Response.Row target = rows.get(to);
        long amount = Math.min(balance(source), 1 + desk.random().nextLong(AMOUNT_MAX));
        List<Operation> operations = List.of(
                new Operation.Put(key(source), balance(balance(source) - amount)),
                new Operation.Put(key(target), balance(balance(target) + amount)));
        List<Condition> conditions = List.of(
                new Condition.VersionEquals(key(source), source.version()),
                new Condition.VersionEquals(key(target), target.version()));
        var unused = desk.client().commit(desk.client().newId(), operations, conditions);
    }

    private static Key key(Response.Row row) {
        return BANK.key(row.name());
    }

    private static long balance(Response.Row row) {
        return Long.parseLong(row.value().toString());
    }

    private static io.statehouse.statemachine.Json balance(long amount) {
        return Words.json(Long.toString(amount));
    }

    @Override
    public List<Request> lastQuestions() {
        return List.of(new Request.Scan(BANK, "", ReadPoint.LATEST));
    }
}
