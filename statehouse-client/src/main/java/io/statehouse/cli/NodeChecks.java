package io.statehouse.cli;

import io.statehouse.cli.Finding.Check;
import io.statehouse.cli.Finding.Severity;
import io.statehouse.client.ClusterMember;
import io.statehouse.client.MemberRole;
import io.statehouse.client.NodeExamination;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What can be wrong with one node alone. */
final class NodeChecks {
    /** More than a busy node has on its way for a moment; a node that stays behind has more. */
    static final long LAG_ENTRIES_MAX = 10_000;

    /** With less than this share of the disk free, it is time to look. */
    static final int DISK_PERCENT_MIN = 10;

    /** Enough to have a new certificate made. */
    static final int CERTIFICATE_DAYS_MIN = 30;

    private static final long MIB = 1L << 20;
    private static final int WHOLE_PERCENT = 100;

    private final String name;
    private final NodeExamination node;
    private final List<Finding> findings = new ArrayList<>();

    private NodeChecks(String name, NodeExamination node) {
        this.name = name;
        this.node = node;
    }

    static List<Finding> of(String name, NodeExamination node) {
        var checks = new NodeChecks(name, node);
        checks.readiness();
        checks.disk();
        checks.applying();
        checks.members();
        checks.certificates();
        return List.copyOf(checks.findings);
    }

    private void readiness() {
        if (!node.notReadyReason().isEmpty()) {
            found(
                    Severity.WARNING,
                    Check.READY,
                    "cannot serve: " + node.notReadyReason(),
                    "if it stays so, look at its log and at cluster status");
        }
    }

    private void disk() {
        if (node.diskTotalBytes() == 0) {
            return;
        }
        long percent = WHOLE_PERCENT * node.diskFreeBytes() / node.diskTotalBytes();
        String fact = node.diskFreeBytes() / MIB + " MiB of the disk are free (" + percent + " %), "
                + node.diskReserveBytes() / MIB + " MiB are reserved for deletes";
        if (node.diskFreeBytes() < node.diskReserveBytes()) {
            found(
                    Severity.CRITICAL,
                    Check.DISK,
                    fact + ": it takes only deletes when it leads",
                    "free space on the disk, delete keys, or set a retention policy");
        } else if (percent < DISK_PERCENT_MIN || node.diskFreeBytes() < 2 * node.diskReserveBytes()) {
            found(Severity.WARNING, Check.DISK, fact, "make room before writes are refused, or set a retention policy");
        }
    }

    private void applying() {
        long lag = node.status().applyLagEntries();
        if (lag > LAG_ENTRIES_MAX) {
            found(
                    Severity.WARNING,
                    Check.LAG,
                    lag + " committed log entries are not applied yet",
                    "if it grows, the node is too slow for the load: look at its disk and processor");
        }
    }

    private void members() {
        for (ClusterMember member : node.status().members()) {
            Long lag = member.lagEntries();
            if (member.role() == MemberRole.JOINING) {
                findings.add(new Finding(
                        Severity.NOTICE,
                        member.nodeId(),
                        Check.MEMBERS,
                        "is being let in, " + lag + " log entries to go",
                        "wait; cluster members shows how far it is"));
            } else if (lag != null && lag > LAG_ENTRIES_MAX) {
                findings.add(new Finding(
                        Severity.WARNING,
                        member.nodeId(),
                        Check.LAG,
                        "lacks " + lag + " log entries of the leader",
                        "if it does not catch up: is it cut off, or too slow? statehousectl cluster replace "
                                + member.nodeId() + " when its disk is lost"));
            }
        }
    }

    private void certificates() {
        node.certificateEndsMillis().forEach((name, end) -> {
            Duration left = Duration.ofMillis(end - node.clockMillis());
            if (end == 0) {
                found(
                        Severity.WARNING,
                        Check.CERTIFICATE,
                        "the file of " + name + " cannot be read; it goes on with what it read before",
                        "put a certificate there before the node is restarted");
            } else if (left.isNegative()) {
                found(
                        Severity.CRITICAL,
                        Check.CERTIFICATE,
                        "the certificate of " + name + " has expired at " + Instant.ofEpochMilli(end),
                        "put a new one in its place; it is taken up while the node runs");
            } else if (left.toDays() < CERTIFICATE_DAYS_MIN) {
                found(
                        Severity.WARNING,
                        Check.CERTIFICATE,
                        "the certificate of " + name + " expires at " + Instant.ofEpochMilli(end),
                        "put a new one in its place; it is taken up while the node runs");
            }
        });
    }

    private void found(Severity severity, Check check, String what, String advice) {
        findings.add(new Finding(severity, name, check, what, advice));
    }
}
