package io.statehouse.statemachine.codec;

import io.statehouse.proto.storage.v1.RetentionMark;
import io.statehouse.proto.storage.v1.RetentionRow;
import io.statehouse.proto.storage.v1.RetentionRules;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.RetentionPolicy;
import io.statehouse.statemachine.state.Retained;

/** A row of the table of retention, and the rules as the log carries them. */
public final class RetentionCodec {
    private RetentionCodec() {}

    public static byte[] encode(Retained retained) {
        return RetentionRow.newBuilder()
                .setRules(toStored(retained.policy()))
                .setFloor(retained.floor().value())
                .setCut(toStored(retained.cut()))
                .setSeen(toStored(retained.seen()))
                .build()
                .toByteArray();
    }

    public static Retained decode(byte[] bytes) {
        RetentionRow row = Stored.parse(RetentionRow.parser(), bytes, "what a namespace keeps");
        return new Retained(
                toPolicy(row.getRules()), new CommitTs(row.getFloor()), toMark(row.getCut()), toMark(row.getSeen()));
    }

    private static RetentionMark toStored(Retained.Mark mark) {
        return RetentionMark.newBuilder()
                .setCommitTs(mark.at().value())
                .setCommits(mark.commits())
                .setNextWallMs(mark.nextWallMillis())
                .build();
    }

    private static Retained.Mark toMark(RetentionMark mark) {
        return new Retained.Mark(new CommitTs(mark.getCommitTs()), mark.getCommits(), mark.getNextWallMs());
    }

    static RetentionRules toStored(RetentionPolicy policy) {
        return RetentionRules.newBuilder()
                .setMaxAgeMs(policy.maxAgeMillis())
                .setMaxCommits(policy.maxCommits())
                .setKeepVersions(policy.keepVersions())
                .build();
    }

    static RetentionPolicy toPolicy(RetentionRules rules) {
        return new RetentionPolicy(rules.getMaxAgeMs(), rules.getMaxCommits(), rules.getKeepVersions());
    }
}
