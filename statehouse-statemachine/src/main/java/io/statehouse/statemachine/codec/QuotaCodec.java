package io.statehouse.statemachine.codec;

import com.google.protobuf.ByteString;
import io.statehouse.proto.storage.v1.QuotaRow;
import io.statehouse.proto.storage.v1.QuotaRules;
import io.statehouse.statemachine.Quota;
import io.statehouse.statemachine.state.Usage;

/** What a namespace may take and takes, and the rules as the log carries them. */
public final class QuotaCodec {
    private QuotaCodec() {}

    public static byte[] encode(Usage usage) {
        return QuotaRow.newBuilder()
                .setRules(toStored(usage.quota()))
                .setBytes(usage.bytes())
                .setAgents(usage.agents())
                .setCountedTo(usage.isCounted() ? ByteString.EMPTY : ByteString.copyFrom(usage.countedTo()))
                .setIsCounted(usage.isCounted())
                .build()
                .toByteArray();
    }

    public static Usage decode(byte[] bytes) {
        QuotaRow row = Stored.parse(QuotaRow.parser(), bytes, "what a namespace takes");
        return new Usage(
                toQuota(row.getRules()),
                row.getBytes(),
                row.getAgents(),
                row.getCountedTo().toByteArray(),
                row.getIsCounted());
    }

    static QuotaRules toStored(Quota quota) {
        return QuotaRules.newBuilder()
                .setBytesMax(quota.bytesMax())
                .setAgentsMax(quota.agentsMax())
                .setOperationsPerSecondMax(quota.operationsPerSecondMax())
                .build();
    }

    static Quota toQuota(QuotaRules rules) {
        return new Quota(rules.getBytesMax(), rules.getAgentsMax(), rules.getOperationsPerSecondMax());
    }
}
