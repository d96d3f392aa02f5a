package io.statehouse.statemachine.codec;

import io.statehouse.proto.storage.v1.HeadRow;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.state.KeyHead;

/** A row of the table of heads: which version of a key is the newest. */
public final class HeadCodec {
    private HeadCodec() {}

    public static byte[] encode(KeyHead head) {
        return HeadRow.newBuilder()
                .setCommitTs(head.commitTs().value())
                .setVersion(head.version())
                .setHasValue(head.hasValue())
                .setExpiresMs(head.expiresMillis())
                .build()
                .toByteArray();
    }

    public static KeyHead decode(byte[] bytes) {
        HeadRow row = Stored.parse(HeadRow.parser(), bytes, "the head of a key");
        return new KeyHead(row.getVersion(), new CommitTs(row.getCommitTs()), row.getHasValue(), row.getExpiresMs());
    }
}
