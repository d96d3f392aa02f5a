package io.statehouse.statemachine.codec;

import io.statehouse.proto.storage.v1.LoggedGrant;
import io.statehouse.proto.storage.v1.LoggedToken;
import io.statehouse.statemachine.AccessToken;
import io.statehouse.statemachine.Grant;
import io.statehouse.statemachine.Role;
import java.util.ArrayList;
import java.util.List;

/** A row of the table of tokens; the log carries the same message. */
public final class TokenCodec {
    private TokenCodec() {}

    public static byte[] encode(AccessToken token) {
        return toStored(token).toByteArray();
    }

    public static AccessToken decode(byte[] bytes) {
        return toToken(Stored.parse(LoggedToken.parser(), bytes, "a token"));
    }

    static LoggedToken toStored(AccessToken token) {
        LoggedToken.Builder stored = LoggedToken.newBuilder()
                .setName(token.name())
                .setSecretSha256(token.secretSha256())
                .setCreatedBy(token.createdBy())
                .setExpiresMs(token.expiresMillis())
                .setCreatedMs(token.createdMillis());
        for (Grant grant : token.grants()) {
            stored.addGrants(
                    LoggedGrant.newBuilder().setRole(number(grant.role())).setNamespace(grant.namespace()));
        }
        return stored.build();
    }

    static AccessToken toToken(LoggedToken stored) {
        List<Grant> grants = new ArrayList<>(stored.getGrantsCount());
        for (LoggedGrant grant : stored.getGrantsList()) {
            grants.add(new Grant(role(grant.getRole()), grant.getNamespace()));
        }
        return new AccessToken(
                stored.getName(),
                stored.getSecretSha256(),
                grants,
                stored.getCreatedBy(),
                stored.getExpiresMs(),
                stored.getCreatedMs());
    }

    private static int number(Role role) {
        return switch (role) {
            case READER -> 1;
            case WRITER -> 2;
            case OPERATOR -> 3;
            case ADMIN -> 4;
        };
    }

    private static Role role(int number) {
        return switch (number) {
            case 1 -> Role.READER;
            case 2 -> Role.WRITER;
            case 3 -> Role.OPERATOR;
            case 4 -> Role.ADMIN;
            default -> throw LogCodec.unknown("a role " + number);
        };
    }
}
