package io.statehouse.node.service;

import io.statehouse.raft.ReplicatedLog;
import io.statehouse.statemachine.AccessToken;
import io.statehouse.statemachine.FeatureLevel;
import io.statehouse.statemachine.Grant;
import io.statehouse.statemachine.Role;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CreateToken;
import io.statehouse.statemachine.command.RevokeToken;
import io.statehouse.statemachine.decide.Reply;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Makes, lists and forgets tokens. Nobody can give, see or take what he is not admin of. */
public final class TokenService {
    /** No SHA-256 in hex that anybody can find a secret for: the ledger answers a repetition, and nothing else happens. */
    private static final String SECRET_OF_NONE = "0".repeat(64);

    private final StateService state;
    private final ReplicatedLog log;
    private final AccessPolicy policy;
    private final PeerCalls peers;

    public TokenService(StateService state, StateService.Node node, PeerCalls peers) {
        this.state = state;
        this.log = node.log();
        this.policy = node.policy();
        this.peers = peers;
    }

    /** Makes a token, once however often it is asked for under its id. A refusal fails the future. */
    public CompletableFuture<Void> create(Caller caller, CreateToken create) {
        policy.require(caller, Role.ADMIN, null);
        policy.administered(caller, create.txnId());
        create.token().grants().forEach(grant -> policy.require(caller, Role.ADMIN, grant.namespace()));
        return propose(caller, create);
    }

    /** Forgets the token that has the name now, and no later one. A refusal fails the future. */
    public CompletableFuture<Void> revoke(Caller caller, RevokeToken revoke) {
        policy.require(caller, Role.ADMIN, null);
        policy.administered(caller, revoke.txnId());
        return state.fresh(caller, ReadPoint.NOW).thenCompose(ignored -> {
            AccessToken token = log.query(machine -> Optional.ofNullable(machine.token(revoke.name())))
                    .orElse(null);
            boolean isNamed = log.query(StateMachine::featureLevel) >= FeatureLevel.NAMED_REVOCATIONS;
            // Asked after the token: an earlier try under this id may have taken it away, and with it the right to.
            if (isNamed && isUsed(revoke.txnId())) {
                return propose(caller, new RevokeToken(revoke.txnId(), revoke.name(), SECRET_OF_NONE));
            }
            // Whoever could not see it is told the same whether there is one.
            List<Grant> grants = token == null ? List.of(new Grant(Role.ADMIN, Grant.EVERYWHERE)) : token.grants();
            grants.forEach(grant -> policy.require(caller, Role.ADMIN, grant.namespace()));
            String which = token == null || !isNamed ? "" : token.secretSha256();
            return propose(caller, new RevokeToken(revoke.txnId(), revoke.name(), which));
        });
    }

    private boolean isUsed(TxnId id) {
        return log.query(machine -> machine.fate(id) != null);
    }

    private CompletableFuture<Void> propose(Caller caller, Command command) {
        CompletableFuture<Void> here = log.propose(command).thenAccept(reply -> {
            if (!(reply instanceof Reply.TokensChanged)) {
                throw Refusals.of(command.txnId(), reply);
            }
        });
        return state.onLeader(caller, here, leader -> peers.changeTokens(leader, command, caller));
    }

    /** The tokens that the caller could revoke. */
    public CompletableFuture<List<AccessToken>> list(Caller caller) {
        policy.require(caller, Role.ADMIN, null);
        return state.fresh(caller, ReadPoint.NOW).thenApply(ignored -> {
            policy.require(caller, Role.ADMIN, null);
            return log.query(machine -> machine.tokens().stream()
                    .filter(token -> token.grants().stream()
                            .allMatch(grant -> policy.permits(caller, Role.ADMIN, grant.namespace())))
                    .toList());
        });
    }
}
