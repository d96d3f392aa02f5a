package io.statehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.cli.Finding.Check;
import io.statehouse.cli.Finding.Severity;
import io.statehouse.client.ClusterMember;
import io.statehouse.client.ClusterStatus;
import io.statehouse.client.MemberRole;
import io.statehouse.client.NodeExamination;
import io.statehouse.client.RefusalCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DoctorTest {
    private static final long GIB = 1L << 30;
    private static final long NOW = 1_700_000_000_000L;

    /** What differs between the nodes of these tests. */
    private record Patient(String leader, long freeBytes, long clockAheadMillis, String version, String value) {
        static final Patient WELL = new Patient("n1", 50 * GIB, 0, "0.1.0", "10");

        Patient withFree(long bytes) {
            return new Patient(leader, bytes, clockAheadMillis, version, value);
        }

        Patient withClockAhead(long millis) {
            return new Patient(leader, freeBytes, millis, version, value);
        }

        Patient withValue(String other) {
            return new Patient(leader, freeBytes, clockAheadMillis, version, other);
        }

        Patient withVersion(String other) {
            return new Patient(leader, freeBytes, clockAheadMillis, other, value);
        }

        Patient withoutLeader() {
            return new Patient("", freeBytes, clockAheadMillis, version, value);
        }
    }

    @Test
    void nothingIsFoundInAHealthyCluster() {
        assertThat(findings(Patient.WELL, Patient.WELL, Patient.WELL)).isEmpty();
    }

    @Test
    void aNodeThatDoesNotAnswerLeavesNoMoreToFail() {
        var reports = List.of(report("n1", Patient.WELL), report("n2", Patient.WELL), silent("n3"));

        var findings = Doctor.findings(reports, true);

        assertThat(findings).extracting(Finding::check).containsExactly(Check.REACHABLE, Check.QUORUM);
        assertThat(findings).extracting(Finding::severity).containsExactly(Severity.CRITICAL, Severity.WARNING);
        assertThat(findings.get(0).advice()).contains("cluster replace n3");
    }

    @Test
    void aLostMajorityIsCritical() {
        var findings = Doctor.findings(List.of(report("n1", Patient.WELL), silent("n2"), silent("n3")), true);

        assertThat(findings)
                .filteredOn(finding -> finding.check() == Check.QUORUM)
                .singleElement()
                .extracting(Finding::severity)
                .isEqualTo(Severity.CRITICAL);
    }

    @Test
    void aDiskBelowItsReserveIsCriticalAndOneNearItAWarning() {
        var findings = findings(Patient.WELL.withFree(GIB / 4), Patient.WELL.withFree(GIB - 1), Patient.WELL);

        assertThat(findings).extracting(Finding::check).containsOnly(Check.DISK);
        assertThat(findings).extracting(Finding::about).containsExactly("n1", "n2");
        assertThat(findings).extracting(Finding::severity).containsExactly(Severity.CRITICAL, Severity.WARNING);
    }

    @Test
    void clocksThatAreFartherApartThanTheCallsCanExplainAreTold() {
        assertThat(findings(Patient.WELL, Patient.WELL.withClockAhead(509), Patient.WELL))
                .isEmpty();

        var findings = findings(Patient.WELL, Patient.WELL.withClockAhead(2_010), Patient.WELL);

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.check()).isEqualTo(Check.CLOCK);
            assertThat(finding.what()).contains("n2").contains("2000 ms");
        });
    }

    @Test
    void whatDiffersIsToldWithWhoHasIt() {
        var findings = findings(Patient.WELL.withValue("20"), Patient.WELL.withVersion("0.2.0"), Patient.WELL);

        assertThat(findings).extracting(Finding::check).containsExactlyInAnyOrder(Check.VERSION, Check.SETTINGS);
        assertThat(findings)
                .anySatisfy(
                        finding -> assertThat(finding.what()).isEqualTo("calls.max differs: {10=[n2, n3], 20=[n1]}"));
    }

    @Test
    void certificatesAreToldBeforeTheyExpireAndAfter() {
        var soon = report("n1", Patient.WELL, NOW + Duration.ofDays(29).toMillis());
        var over = report("n2", Patient.WELL, NOW - 1);
        var unreadable = report("n3", Patient.WELL, 0);

        var findings = Doctor.findings(List.of(soon, over, unreadable), true);

        assertThat(findings).extracting(Finding::check).containsOnly(Check.CERTIFICATE);
        assertThat(findings).extracting(Finding::about).containsExactly("n2", "n1", "n3");
        assertThat(findings.get(0).severity()).isEqualTo(Severity.CRITICAL);
    }

    @Test
    void aClusterWithoutLeaderIsCritical() {
        var nobody = Patient.WELL.withoutLeader();

        assertThat(findings(nobody, nobody, nobody)).extracting(Finding::check).containsExactly(Check.LEADER);
    }

    @Test
    void aNodeThatAnswersAndRefusesIsNotToBeReplaced() {
        var denied = new NodeReport("n3", "n3:1", null, RefusalCode.PERMISSION_DENIED, "no grant");
        var old = new NodeReport("n2", "n2:1", null, RefusalCode.UNSUPPORTED, "no such call");

        var findings = Doctor.findings(List.of(report("n1", Patient.WELL), old, denied), true);

        assertThat(findings).extracting(Finding::check).containsExactly(Check.VERSION, Check.EXAMINED);
        assertThat(findings).extracting(Finding::severity).containsOnly(Severity.WARNING);
        assertThat(findings).extracting(Finding::advice).noneMatch(advice -> advice.contains("replace"));
        assertThat(findings.get(0).advice()).contains("upgrade");
        assertThat(findings.get(1).advice()).contains("token");
    }

    private static List<Finding> findings(Patient first, Patient second, Patient third) {
        return Doctor.findings(List.of(report("n1", first), report("n2", second), report("n3", third)), true);
    }

    private static NodeReport silent(String id) {
        return new NodeReport(id, id + ":1", null, null, "no answer");
    }

    private static NodeReport report(String id, Patient patient) {
        return report(id, patient, NOW + Duration.ofDays(90).toMillis());
    }

    private static NodeReport report(String id, Patient patient, long certificateEnd) {
        var members = List.of(member("n1"), member("n2"), member("n3"));
        var status =
                new ClusterStatus("c", id, role(id), 3, patient.leader(), 10, 10, 0, members, patient.version(), 2, 2);
        var heard = new NodeExamination(
                status,
                "",
                NOW + patient.clockAheadMillis(),
                NOW,
                Duration.ofMillis(10),
                patient.freeBytes(),
                100 * GIB,
                GIB / 2,
                Map.of("calls.max", patient.value(), "node.id", id),
                Map.of("tls.cert", certificateEnd));
        return new NodeReport(id, id + ":1", heard, null, "");
    }

    private static ClusterMember member(String id) {
        return new ClusterMember(id, id + ":2", id + ":1", role(id), null, 0, 0);
    }

    private static MemberRole role(String id) {
        return id.equals("n1") ? MemberRole.LEADER : MemberRole.FOLLOWER;
    }
}
