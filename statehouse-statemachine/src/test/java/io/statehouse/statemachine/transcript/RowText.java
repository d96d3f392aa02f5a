package io.statehouse.statemachine.transcript;

import io.statehouse.statemachine.codec.EntryCodec;
import io.statehouse.statemachine.codec.HeadCodec;
import io.statehouse.statemachine.codec.JournalCodec;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.codec.LedgerCodec;
import io.statehouse.statemachine.codec.RetentionCodec;
import io.statehouse.statemachine.codec.TokenCodec;
import io.statehouse.statemachine.history.Backfill;
import io.statehouse.statemachine.history.KeptReply;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.state.KeyHead;
import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Row;
import io.statehouse.statemachine.storage.Rows;
import io.statehouse.statemachine.storage.Store;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.WriteUnit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows as a reader of transcripts wants to see them. */
final class RowText {
    private static final String TEXT_END = "\0\1";

    private RowText() {}

    /** Every row but the one that says where in the log the store stands. */
    static List<String> of(Store store) {
        List<String> rows = new ArrayList<>();
        try (WriteUnit whole = Backfill.withAllHeads(store)) {
            for (Table table : Table.values()) {
                if (table != Table.META) {
                    add(table, whole, rows);
                }
            }
        }
        return rows;
    }

    private static void add(Table table, Rows store, List<String> rows) {
        try (Cursor cursor = store.ascending(table, KeyRange.all())) {
            while (cursor.advance()) {
                rows.add(table.diskName() + " " + text(table, new Row(cursor.key(), cursor.value())));
            }
        }
    }

    private static String text(Table table, Row row) {
        return switch (table) {
            case VERSIONS -> path(row.key(), KeyCodec.VERSION_BYTES) + " " + entry(EntryCodec.decode(row));
            case JOURNAL ->
                KeyCodec.number(row.key()) + " txn "
                        + JournalCodec.decode(row.value()).txnId().value();
            case AGENT_EVENTS, NAMESPACE_EVENTS ->
                path(row.key(), Long.BYTES) + " " + KeyCodec.commitTsOfListed(row.key());
            case TRANSACTIONS ->
                utf8(Arrays.copyOf(row.key(), row.key().length - Long.BYTES - 2)) + " "
                        + KeyCodec.commitTsOfTransaction(row.key());
            case READERS ->
                path(row.key(), 2 * Long.BYTES) + " v"
                        + KeyCodec.number(
                                Arrays.copyOfRange(row.key(), row.key().length - 2 * Long.BYTES, row.key().length))
                        + " by " + KeyCodec.commitTsOfListed(row.key());
            case KEYS, AGENTS, NAMESPACES -> path(row.key(), 0) + " since " + KeyCodec.number(row.value());
            case HEADS -> path(row.key(), 0) + " " + head(HeadCodec.decode(row.value()));
            case LEDGER -> utf8(row.key()) + " " + kept(LedgerCodec.decode(row.value()));
            case REFUSALS ->
                KeyCodec.number(row.key()) + " kept " + KeyCodec.number(row.value()) + " txn "
                        + utf8(KeyCodec.txnOfRefusal(row.value()));
            case DEADLINES -> KeyCodec.number(row.key()) + " " + Notation.text(KeyCodec.keyOfDeadline(row.key()));
            case RETENTION -> path(row.key(), 0) + " " + RetentionCodec.decode(row.value());
            case TOKENS -> TokenCodec.decode(row.value()).toString();
            case META -> throw new IllegalArgumentException("not shown");
        };
    }

    private static String entry(Entry entry) {
        return "@" + entry.commitTs() + " v" + entry.version() + " wall " + entry.wallMillis() + " txn "
                + entry.txnId().value() + " " + (entry.value() == null ? "deleted" : entry.value());
    }

    private static String head(KeyHead head) {
        return "@" + head.commitTs() + " v" + head.version() + (head.hasValue() ? "" : " deleted");
    }

    private static String kept(KeptReply kept) {
        return "kept " + kept.keptWallMillis() + " " + ReplyText.of(kept.reply());
    }

    /** The escaped texts of a key, bytes that are no text left out at both ends. */
    private static String path(byte[] key, int endBytes) {
        String path = utf8(Arrays.copyOfRange(key, Integer.BYTES, key.length - endBytes));
        return path.substring(0, path.length() - TEXT_END.length())
                .replace(TEXT_END, "|")
                .replace("\0\ufffd", "\\0")
                .replace("\n", "\\n")
                .replace(" ", "\\_");
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
