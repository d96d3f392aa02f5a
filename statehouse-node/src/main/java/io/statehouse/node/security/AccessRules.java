package io.statehouse.node.security;

import io.statehouse.statemachine.Role;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The one table of what each call asks for. A call that is not in it is not served: the node does not start. */
public final class AccessRules {
    /** Reading what the node counts, over HTTP: no call of the contract, and asked for like one. */
    public static final String METRICS = "http/metrics";

    private static final Rule METRICS_RULE = new Rule(Role.READER, Scope.ANYWHERE);
    private static final String PACKAGE = "statehouse.v1.";
    private static final Map<String, Rule> RULES = new HashMap<>();

    /** Where the caller must have the role. */
    public enum Scope {
        /** In each namespace that the request is about. */
        NAMESPACE,
        /** In some namespace; the answer shows no more than the caller may see. */
        ANYWHERE,
        /** In all namespaces: the call is about the whole store. */
        EVERYWHERE
    }

    /**
     * What a call asks for.
     *
     * @param role null = nothing, not even a token
     */
    public record Rule(@Nullable Role role, Scope scope) {}

    static {
        open("StatehouseService/Health", "StatehouseService/Version");
        // What calls there are is told to whoever may make some.
        RULES.put("grpc.reflection.v1.ServerReflection/ServerReflectionInfo", new Rule(Role.READER, Scope.ANYWHERE));
        of(
                Role.READER,
                Scope.NAMESPACE,
                "StatehouseService/GetState",
                "StatehouseService/GetStateAtVersion",
                "StatehouseService/ListKeys",
                "StatehouseService/ScanPrefix",
                "StatehouseService/ListAgents",
                "StatehouseService/Replay",
                "WatchService/Watch",
                "ReadStreamService/ReadStream",
                "HistoryService/ListVersions",
                "HistoryService/Diff",
                "HistoryService/Explain",
                "HistoryService/GetRetention",
                "QuotaService/GetQuota",
                "AgentService/Query");
        // The id of a transaction is known to whoever made it, and says nothing of its contents.
        of(
                Role.READER,
                Scope.ANYWHERE,
                "StatehouseService/ListNamespaces",
                "StatehouseService/GetTransaction",
                "ClusterService/GetClusterStatus");
        of(
                Role.WRITER,
                Scope.NAMESPACE,
                "StatehouseService/Write",
                "StatehouseService/Delete",
                "StatehouseService/Commit",
                "CommitStreamService/CommitStream",
                "HistoryService/Revert",
                "AgentService/Execute");
        of(
                Role.WRITER,
                Scope.ANYWHERE,
                "StatehouseService/BeginTransaction",
                "StatehouseService/Abort",
                "StatehouseService/ResolveTransaction");
        of(Role.OPERATOR, Scope.NAMESPACE, "HistoryService/SetRetention");
        of(
                Role.OPERATOR,
                Scope.EVERYWHERE,
                "HistoryService/Verify",
                "AdminService/Backup",
                "ClusterService/TakeSnapshot",
                "ClusterService/ExamineNode",
                "ClusterService/TransferLeadership");
        of(Role.ADMIN, Scope.NAMESPACE, "AccessService/CreateToken", "AccessService/RevokeToken");
        of(Role.ADMIN, Scope.ANYWHERE, "AccessService/ListTokens");
        // Whoever is bounded must not raise the bound.
        of(Role.ADMIN, Scope.EVERYWHERE, "ClusterService/ChangeMembers", "QuotaService/SetQuota");
    }

    private AccessRules() {}

    private static void open(String... calls) {
        for (String call : calls) {
            RULES.put(PACKAGE + call, new Rule(null, Scope.ANYWHERE));
        }
    }

    private static void of(Role role, Scope scope, String... calls) {
        for (String call : calls) {
            RULES.put(PACKAGE + call, new Rule(role, scope));
        }
    }

    /**
     * What a call asks for.
     *
     * @param rpc the full name of its method
     * @throws IllegalStateException when nobody has said
     */
    public static Rule of(String rpc) {
        Rule rule = METRICS.equals(rpc) ? METRICS_RULE : RULES.get(rpc);
        if (rule == null) {
            throw new IllegalStateException("there is no rule who may call " + rpc + "; AccessRules must have one");
        }
        return rule;
    }

    /** All calls there are rules for. */
    public static SortedSet<String> calls() {
        return new TreeSet<>(RULES.keySet());
    }
}
