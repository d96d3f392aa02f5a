package io.statehouse.node.grpc;

import io.statehouse.node.service.Refusals;
import io.statehouse.proto.v1.AccessGrant;
import io.statehouse.proto.v1.AccessRole;
import io.statehouse.proto.v1.CreateTokenRequest;
import io.statehouse.proto.v1.ListTokensResponse;
import io.statehouse.proto.v1.RevokeTokenRequest;
import io.statehouse.proto.v1.TokenInfo;
import io.statehouse.statemachine.AccessToken;
import io.statehouse.statemachine.Grant;
import io.statehouse.statemachine.Role;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.CreateToken;
import io.statehouse.statemachine.command.RevokeToken;
import java.util.List;

/** Tokens in messages and back. */
final class AccessMapper {
    private AccessMapper() {}

    static CreateToken command(CreateTokenRequest request, String createdBy) {
        List<Grant> grants = request.getGrantsList().stream()
                .map(grant -> new Grant(role(grant.getRole()), grant.getNamespace()))
                .toList();
        return new CreateToken(
                new TxnId(request.getTxnId()),
                new AccessToken(
                        request.getName(),
                        request.getSecretSha256(),
                        grants,
                        createdBy,
                        request.getExpiresTimeMs(),
                        0));
    }

    static RevokeToken command(RevokeTokenRequest request) {
        return new RevokeToken(new TxnId(request.getTxnId()), request.getName(), "");
    }

    static CreateTokenRequest request(CreateToken create) {
        return CreateTokenRequest.newBuilder()
                .setName(create.token().name())
                .setSecretSha256(create.token().secretSha256())
                .addAllGrants(grants(create.token()))
                .setTxnId(create.txnId().value())
                .setExpiresTimeMs(create.token().expiresMillis())
                .build();
    }

    static RevokeTokenRequest request(RevokeToken revoke) {
        return RevokeTokenRequest.newBuilder()
                .setName(revoke.name())
                .setTxnId(revoke.txnId().value())
                .build();
    }

    static ListTokensResponse answer(List<AccessToken> tokens) {
        ListTokensResponse.Builder answer = ListTokensResponse.newBuilder();
        tokens.forEach(token -> answer.addTokens(TokenInfo.newBuilder()
                .setName(token.name())
                .addAllGrants(grants(token))
                .setCreatedBy(token.createdBy())
                .setCreatedTimeMs(token.createdMillis())
                .setExpiresTimeMs(token.expiresMillis())));
        return answer.build();
    }

    private static List<AccessGrant> grants(AccessToken token) {
        return token.grants().stream()
                .map(grant -> AccessGrant.newBuilder()
                        .setRole(role(grant.role()))
                        .setNamespace(grant.namespace())
                        .build())
                .toList();
    }

    private static AccessRole role(Role role) {
        return switch (role) {
            case READER -> AccessRole.ACCESS_ROLE_READER;
            case WRITER -> AccessRole.ACCESS_ROLE_WRITER;
            case OPERATOR -> AccessRole.ACCESS_ROLE_OPERATOR;
            case ADMIN -> AccessRole.ACCESS_ROLE_ADMIN;
        };
    }

    private static Role role(AccessRole role) {
        return switch (role) {
            case ACCESS_ROLE_READER -> Role.READER;
            case ACCESS_ROLE_WRITER -> Role.WRITER;
            case ACCESS_ROLE_OPERATOR -> Role.OPERATOR;
            case ACCESS_ROLE_ADMIN -> Role.ADMIN;
            case ACCESS_ROLE_UNSPECIFIED, UNRECOGNIZED -> throw Refusals.invalid("grants.role", "is not set");
        };
    }
}
