package io.statehouse.statemachine.history;

import io.statehouse.statemachine.AccessToken;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.codec.TokenCodec;
import io.statehouse.statemachine.command.RevokeToken;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Rows;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.WriteUnit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may show which secret, and for what: one row per token. */
public final class Tokens {
    private Tokens() {}

    /** The token of a name; null when there is none. */
    public static @Nullable AccessToken find(Rows rows, String name) {
        byte[] row = rows.get(Table.TOKENS, key(name));
        return row == null ? null : TokenCodec.decode(row);
    }

    /** All tokens in the order of their names; no more than {@link Limits#TOKENS_MAX}. */
    public static List<AccessToken> all(Rows rows) {
        List<AccessToken> tokens = new ArrayList<>();
        try (Cursor cursor = rows.ascending(Table.TOKENS, KeyRange.all())) {
            while (cursor.advance()) {
                tokens.add(TokenCodec.decode(cursor.value()));
            }
        }
        return tokens;
    }

    /** Keeps a new token unless its name is taken or there would be too many. */
    public static Reply create(AccessToken token, WriteUnit unit) {
        if (find(unit, token.name()) != null) {
            return new Reply.Invalid("name", "a token of this name exists");
        }
        int tokens = all(unit).size() + 1;
        if (tokens > Limits.TOKENS_MAX) {
            return new Reply.LimitExceeded("tokensMax", Limits.TOKENS_MAX, tokens);
        }
        unit.put(Table.TOKENS, key(token.name()), TokenCodec.encode(token));
        return new Reply.TokensChanged();
    }

    /** Forgets a token, unless the one that has its name now is another. */
    public static Reply revoke(RevokeToken revoke, WriteUnit unit) {
        AccessToken token = find(unit, revoke.name());
        if (token != null
                && (revoke.secretSha256().isEmpty() || revoke.secretSha256().equals(token.secretSha256()))) {
            unit.delete(Table.TOKENS, key(revoke.name()));
        }
        return new Reply.TokensChanged();
    }

    private static byte[] key(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }
}
