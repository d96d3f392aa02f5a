package io.statehouse.client;

import io.statehouse.proto.v1.AccessGrant;
import io.statehouse.proto.v1.AccessRole;
import io.statehouse.proto.v1.AccessServiceGrpc;
import io.statehouse.proto.v1.CreateTokenRequest;
import io.statehouse.proto.v1.GetQuotaRequest;
import io.statehouse.proto.v1.GetQuotaResponse;
import io.statehouse.proto.v1.ListTokensRequest;
import io.statehouse.proto.v1.ListTokensResponse;
import io.statehouse.proto.v1.QuotaServiceGrpc;
import io.statehouse.proto.v1.RevokeTokenRequest;
import io.statehouse.proto.v1.SetQuotaRequest;
import io.statehouse.proto.v1.TokenInfo;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * The calls about who may do what, and how much. Got from {@link StatehouseClient#access()}, shares its connections and ends with it.
 *
 * <p>They throw {@link StatehouseException}; with PERMISSION_DENIED when the caller is not admin of all that a token grants.
 */
public final class AccessClient {
    private static final int SECRET_BYTES = 32;

    private final Caller caller;
    private final UuidV7 ids;

    AccessClient(Caller caller, UuidV7 ids) {
        this.caller = caller;
        this.ids = ids;
    }

    /**
     * Makes a token. Its secret is made here and the server hears its hash only, so this is the one time it is seen.
     *
     * @param name who shows it: a-z 0-9 _ -, at most 63
     * @return the token, to be given to {@link Access#token}
     */
    public String createToken(String name, List<TokenGrant> grants) {
        return createToken(name, grants, Duration.ZERO);
    }

    /**
     * The same of a token that expires.
     *
     * @param life from now, by the clock of this process; zero = it does not expire
     */
    public String createToken(String name, List<TokenGrant> grants, Duration life) {
        byte[] random = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(random);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        String id = ids.next();
        var request = CreateTokenRequest.newBuilder()
                .setName(name)
                .setSecretSha256(sha256(secret))
                .addAllGrants(grants.stream().map(AccessClient::wire).toList())
                .setTxnId(id)
                .setExpiresTimeMs(life.isZero() ? 0 : System.currentTimeMillis() + life.toMillis())
                .build();
        caller.await(caller.write(AccessServiceGrpc.getCreateTokenMethod(), request, id), id);
        return "sh1." + name + "." + secret;
    }

    /** Makes a token worthless. One that does not exist is no error for an admin of all namespaces. */
    public void revokeToken(String name) {
        String id = ids.next();
        var request = RevokeTokenRequest.newBuilder().setName(name).setTxnId(id).build();
        caller.await(caller.write(AccessServiceGrpc.getRevokeTokenMethod(), request, id), id);
    }

    /** What a namespace may take of what all share, and takes. */
    public NamespaceQuota quota(String namespace) {
        var request = GetQuotaRequest.newBuilder().setNamespace(namespace).build();
        CompletableFuture<GetQuotaResponse> answer = caller.ask(QuotaServiceGrpc.getGetQuotaMethod(), request, null);
        GetQuotaResponse found = caller.await(answer);
        return new NamespaceQuota(
                namespace,
                found.getQuota().getBytesMax(),
                found.getQuota().getAgentsMax(),
                found.getQuota().getOperationsPerSecondMax(),
                found.getBytes(),
                found.getAgents(),
                found.getIsCounted());
    }

    /**
     * Bounds what a namespace may take from now on; 0 = there is no such bound. What it has beyond that it keeps, and deletes are
     * always taken.
     *
     * @throws StatehouseException.Refused with INVALID_REQUEST while some member runs a release that knows no quotas
     */
    public void setQuota(String namespace, long bytesMax, long agentsMax, long operationsPerSecondMax) {
        String id = ids.next();
        var request = SetQuotaRequest.newBuilder()
                .setNamespace(namespace)
                .setQuota(io.statehouse.proto.v1.NamespaceQuota.newBuilder()
                        .setBytesMax(bytesMax)
                        .setAgentsMax(agentsMax)
                        .setOperationsPerSecondMax(operationsPerSecondMax))
                .setTxnId(id)
                .build();
        caller.await(caller.write(QuotaServiceGrpc.getSetQuotaMethod(), request, id), id);
    }

    /** The tokens that the caller could revoke, by name. */
    public List<Token> tokens() {
        CompletableFuture<ListTokensResponse> answer =
                caller.ask(AccessServiceGrpc.getListTokensMethod(), ListTokensRequest.getDefaultInstance(), null);
        return caller.await(answer).getTokensList().stream()
                .map(AccessClient::token)
                .toList();
    }

    /**
     * What is known of a token.
     *
     * @param createdBy the token by which it was made
     * @param createdMillis when, in milliseconds since 1970
     * @param expiresMillis from when on it is worth nothing, in milliseconds since 1970; 0 = it does not expire
     */
    public record Token(
            String name, List<TokenGrant> grants, String createdBy, long createdMillis, long expiresMillis) {
        /** Copies the list. */
        public Token {
            grants = List.copyOf(grants);
        }
    }

    private static Token token(TokenInfo info) {
        return new Token(
                info.getName(),
                info.getGrantsList().stream().map(AccessClient::grant).toList(),
                info.getCreatedBy(),
                info.getCreatedTimeMs(),
                info.getExpiresTimeMs());
    }

    private static AccessGrant wire(TokenGrant grant) {
        return AccessGrant.newBuilder()
                .setRole(AccessRole.valueOf("ACCESS_ROLE_" + grant.role().toUpperCase(Locale.ROOT)))
                .setNamespace(grant.namespace())
                .build();
    }

    private static TokenGrant grant(AccessGrant grant) {
        String role = grant.getRole().name().replace("ACCESS_ROLE_", "").toLowerCase(Locale.ROOT);
        return new TokenGrant(TokenGrant.ROLES.contains(role) ? role : "unknown", grant.getNamespace());
    }

    private static String sha256(String secret) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            var digits = new StringBuilder();
            for (byte b : hash) {
                digits.append(String.format(Locale.ROOT, "%02x", b));
            }
            return digits.toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
