package io.statehouse.cli;

import io.statehouse.client.ClusterMember;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Members as rows of a table and as JSON. */
final class MemberLines {
    private MemberLines() {}

    static List<String> table(List<ClusterMember> members) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("MEMBER", "ROLE", "API", "RAFT", "LAG"));
        for (ClusterMember member : members) {
            Long lag = member.lagEntries();
            rows.add(List.of(
                    member.nodeId(),
                    word(member.role()),
                    member.apiAddress(),
                    member.raftAddress(),
                    lag == null ? "-" : lag.toString()));
        }
        return Columns.of(rows);
    }

    static JsonLine json(ClusterMember member) {
        var line = new JsonLine()
                .text("node_id", member.nodeId())
                .text("role", word(member.role()))
                .text("api_address", member.apiAddress())
                .text("raft_address", member.raftAddress())
                .json("lag_entries", String.valueOf(member.lagEntries()));
        return member.copyBytes() == 0
                ? line
                : line.number("copied_bytes", member.copiedBytes()).number("copy_bytes", member.copyBytes());
    }

    static String word(Enum<?> role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
