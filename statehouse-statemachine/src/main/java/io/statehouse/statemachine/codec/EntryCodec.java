package io.statehouse.statemachine.codec;

import io.statehouse.proto.storage.v1.EntryRow;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Sha256;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.state.KeyHead;
import io.statehouse.statemachine.state.StateDigest;
import io.statehouse.statemachine.storage.Row;

/** A row of the version table. Its commit_ts stands in the row's key only. */
public final class EntryCodec {
    private static final byte[] NO_VALUE = new byte[0];

    private EntryCodec() {}

    public static byte[] encode(Event event, CommittedTransaction commit) {
        EntryRow.Builder row = header(event, commit);
        return switch (event) {
            case Event.EntryPut put ->
                row.setJson(Stored.wrap(put.value())).build().toByteArray();
            case Event.EntryDeleted deleted -> row.build().toByteArray();
            case Event.EntryErased erased -> throw new IllegalArgumentException("an erased version has no row");
        };
    }

    /** What the row says but for the value; with the value's hash it is what the state digest covers. */
    public static byte[] encodeHeader(Event event, CommittedTransaction commit) {
        return header(event, commit).build().toByteArray();
    }

    public static Entry decode(Row row) {
        EntryRow stored = Stored.parse(EntryRow.parser(), row.value(), "a version");
        Json value = stored.hasJson() ? Stored.json(stored.getJson()) : null;
        return new Entry(
                value,
                stored.getVersion(),
                KeyCodec.commitTsOfVersion(row.key()),
                stored.getWallMs(),
                new TxnId(stored.getTxnId()),
                stored.getExpiresMs());
    }

    public static KeyHead decodeHead(Row row) {
        EntryRow stored = Stored.parse(EntryRow.parser(), row.value(), "a version");
        return new KeyHead(
                stored.getVersion(), KeyCodec.commitTsOfVersion(row.key()), stored.hasJson(), stored.getExpiresMs());
    }

    /** How many bytes the value of a version has; -1 when it has none. */
    public static long decodeValueBytes(Row row) {
        EntryRow stored = Stored.parse(EntryRow.parser(), row.value(), "a version");
        return stored.hasJson() ? stored.getJson().size() : -1;
    }

    /** A digest with one more row of the version table. */
    public static StateDigest add(StateDigest digest, Row row) {
        EntryRow stored = Stored.parse(EntryRow.parser(), row.value(), "a version");
        byte[] header = stored.toBuilder().clearJson().build().toByteArray();
        return digest.plus(
                row.key(), header, stored.hasJson() ? Sha256.of(stored.getJson().toByteArray()) : NO_VALUE);
    }

    private static EntryRow.Builder header(Event event, CommittedTransaction commit) {
        return EntryRow.newBuilder()
                .setVersion(event.version())
                .setWallMs(commit.wallMillis())
                .setTxnId(commit.txnId().value())
                .setExpiresMs(event instanceof Event.EntryPut put ? put.expiresMillis() : 0);
    }
}
