package io.statehouse.node.security;

import io.statehouse.node.audit.AuditPlace;
import io.statehouse.node.service.AccessPolicy;
import io.statehouse.node.service.Authority;
import io.statehouse.node.service.Caller;
import io.statehouse.node.service.Refusals;
import io.statehouse.raft.ReplicatedLog;
import io.statehouse.statemachine.AccessToken;
import io.statehouse.statemachine.Grant;
import io.statehouse.statemachine.Role;
import io.statehouse.statemachine.TxnId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks for tokens: nothing is allowed that a token does not grant.
 *
 * <p>Tokens are rows of the replicated state. They are looked up at each question and not remembered, so that one that is
 * revoked is worth nothing at the next, in the middle of a stream too.
 */
public final class TokenPolicy implements AccessPolicy {
    private static final String BOOTSTRAP = "bootstrap";
    private static final String BOOTSTRAP_CALLS = "statehouse.v1.AccessService/";
    private static final String NO_SECRET = "";

    private final ReplicatedLog log;
    private final String bootstrapSha256;
    private final InstantSource clock;
    private final @Nullable AuditPlace place;
    private final AuditLog audit = new AuditLog();

    /**
     * With the tokens of a log.
     *
     * @param bootstrap a secret that may make and revoke tokens; empty = there is none
     * @param clock says which tokens have expired
     * @param place where the audit is kept; null = in the log of the process alone
     */
    public TokenPolicy(ReplicatedLog log, String bootstrap, InstantSource clock, @Nullable AuditPlace place) {
        this.log = log;
        this.clock = clock;
        this.place = place;
        this.bootstrapSha256 = bootstrap.isEmpty() ? NO_SECRET : TokenText.sha256(bootstrap);
    }

    @Override
    public Authority admit(Arrival arrival) {
        AccessRules.Rule rule = AccessRules.of(arrival.rpc());
        Role role = rule.role();
        if (role == null) {
            return new Authority("", NO_SECRET, "", arrival);
        }
        Authority authority = authenticate(arrival);
        if (authority == null) {
            audit.denied("", arrival, "no known token", About.NOTHING);
            throw Refusals.unauthenticated();
        }
        String where = rule.scope() == AccessRules.Scope.EVERYWHERE ? Grant.EVERYWHERE : null;
        require(authority, role, where, About.NOTHING);
        if (role.includes(Role.OPERATOR)) {
            audit.admitted(authority.name(), arrival);
        }
        return authority;
    }

    private @Nullable Authority authenticate(Arrival arrival) {
        TokenText shown = TokenText.parse(arrival.authorization());
        if (shown == null) {
            return null;
        }
        if (shown.name().isEmpty()) {
            return isSame(bootstrapSha256, shown.secretSha256())
                            && arrival.rpc().startsWith(BOOTSTRAP_CALLS)
                    ? new Authority(BOOTSTRAP, bootstrapSha256, shown.text(), arrival)
                    : null;
        }
        AccessToken token = log.query(machine -> Optional.ofNullable(machine.token(shown.name())))
                .orElse(null);
        // Without a token of the name, as long is compared.
        boolean isKnown = isSame(token == null ? NO_SECRET : token.secretSha256(), shown.secretSha256());
        return isKnown && token != null && token.isInForce(clock.millis())
                ? new Authority(shown.name(), shown.secretSha256(), shown.text(), arrival)
                : null;
    }

    /** In a time that does not depend on where they differ. */
    private static boolean isSame(String kept, String shown) {
        byte[] secret = kept.getBytes(StandardCharsets.US_ASCII);
        return MessageDigest.isEqual(secret, shown.getBytes(StandardCharsets.US_ASCII)) && secret.length > 0;
    }

    @Override
    public boolean permits(Caller caller, Role role, @Nullable String namespace) {
        return permits(caller.authority(), role, namespace);
    }

    @Override
    public void require(Caller caller, Role role, @Nullable String namespace, About about) {
        require(caller.authority(), role, namespace, about);
    }

    @Override
    public void administered(Caller caller, TxnId id) {
        audit.administered(caller.authority().name(), caller.authority().arrival(), id);
    }

    @Override
    public void start() throws IOException {
        if (place != null) {
            audit.keep(place, clock);
        }
    }

    @Override
    public void flush() {
        audit.flush();
    }

    @Override
    public void stop() {
        audit.close();
    }

    private void require(Authority authority, Role role, @Nullable String namespace, About about) {
        if (!permits(authority, role, namespace)) {
            audit.denied(
                    authority.name(),
                    authority.arrival(),
                    role + " in " + (namespace == null ? "any namespace" : namespace),
                    about);
            throw Refusals.denied(role, namespace);
        }
    }

    private boolean permits(Authority authority, Role role, @Nullable String namespace) {
        List<Grant> grants = grants(authority);
        return namespace == null
                ? grants.stream().anyMatch(grant -> grant.role().includes(role))
                : grants.stream().anyMatch(grant -> grant.covers(role, namespace));
    }

    private List<Grant> grants(Authority authority) {
        if (authority.name().equals(BOOTSTRAP)) {
            return List.of(new Grant(Role.ADMIN, Grant.EVERYWHERE));
        }
        AccessToken token = log.query(machine -> Optional.ofNullable(machine.token(authority.name())))
                .orElse(null);
        return token != null
                        && isSame(token.secretSha256(), authority.secretSha256())
                        && token.isInForce(clock.millis())
                ? token.grants()
                : List.of();
    }
}
