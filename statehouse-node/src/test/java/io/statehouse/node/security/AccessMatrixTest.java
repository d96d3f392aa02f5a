package io.statehouse.node.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.statehouse.proto.v1.AccessRole;
import io.statehouse.statemachine.Grant;
import io.statehouse.statemachine.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every call of the contract × every role, granted in one namespace or in all × that namespace and another: each cell. */
class AccessMatrixTest {
    private static final String OWN = "own";
    private static final String FOREIGN = "foreign";

    private static SecuredNode node;
    private static List<CallerInTest> callers;

    /** A caller; without a role it has shown no token that is known. */
    record CallerInTest(String name, String token, @Nullable Role role, String granted) {}

    @BeforeAll
    static void start() {
        node = new SecuredNode();
        String root = node.token(SecuredNode.BOOTSTRAP, "root", AccessRole.ACCESS_ROLE_ADMIN, Grant.EVERYWHERE);
        callers = new ArrayList<>();
        callers.add(new CallerInTest("nobody", "", null, ""));
        callers.add(new CallerInTest("stranger", "sh1.stranger.secret", null, ""));
        callers.add(new CallerInTest("forger", "sh1.root.secret", null, ""));
        for (Role role : Role.values()) {
            AccessRole wire = AccessRole.valueOf("ACCESS_ROLE_" + role);
            for (String granted : List.of(OWN, Grant.EVERYWHERE)) {
                String name = role.name().toLowerCase(Locale.ROOT) + (granted.equals(OWN) ? "-own" : "-all");
                callers.add(new CallerInTest(name, node.token(root, name, wire, granted), role, granted));
            }
        }
        for (String namespace : List.of(OWN, FOREIGN)) {
            node.token(root, "victim-" + namespace, AccessRole.ACCESS_ROLE_READER, namespace);
        }
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    static List<MethodDescriptor<?, ?>> calls() {
        return WireCalls.all().toList();
    }

    @Test
    void everyCallHasARuleAndEveryRuleACall() {
        assertThat(calls().stream().map(MethodDescriptor::getFullMethodName).collect(Collectors.toSet()))
                .isEqualTo(AccessRules.calls());
    }

    @ParameterizedTest
    @MethodSource("calls")
    void aCallIsServedToWhomTheTableSaysAndToNobodyElse(MethodDescriptor<?, ?> method) {
        List<String> wrong = new ArrayList<>();
        for (CallerInTest caller : callers) {
            for (String namespace : List.of(OWN, FOREIGN)) {
                Status.Code expected = expected(method, caller, namespace);
                Status.Code actual = outcome(node.call(caller.token(), method, WireCalls.request(method, namespace)));
                if (actual != expected) {
                    wrong.add(caller.name() + " in " + namespace + ": " + actual + " and not " + expected);
                }
            }
        }
        assertThat(wrong).as(method.getFullMethodName()).isEmpty();
    }

    /** Whatever became of a call that was let in is not of interest here. */
    private static Status.Code outcome(Status.Code code) {
        return code == Status.Code.UNAUTHENTICATED || code == Status.Code.PERMISSION_DENIED ? code : Status.Code.OK;
    }

    private static Status.Code expected(MethodDescriptor<?, ?> method, CallerInTest caller, String namespace) {
        AccessRules.Rule rule = AccessRules.of(method.getFullMethodName());
        Role asked = rule.role();
        if (asked == null) {
            return Status.Code.OK;
        }
        Role role = caller.role();
        if (role == null) {
            return Status.Code.UNAUTHENTICATED;
        }
        boolean isEverywhere = caller.granted().equals(Grant.EVERYWHERE);
        boolean isThere = switch (rule.scope()) {
            case ANYWHERE -> true;
            case NAMESPACE -> isEverywhere || namespace.equals(OWN);
            case EVERYWHERE -> isEverywhere;
        };
        return role.includes(asked) && isThere ? Status.Code.OK : Status.Code.PERMISSION_DENIED;
    }
}
