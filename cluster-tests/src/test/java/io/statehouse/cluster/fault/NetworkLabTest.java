package io.statehouse.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkLabTest {
    @Test
    void aCutLosesOneDirectionSilentlyAndHealingBringsItBack() {
        assumeTrue(NetworkLab.obstacle().isEmpty(), NetworkLab.obstacle());
        try (NetworkLab lab = NetworkLab.build(3)) {
            assertThat(answers(lab, 1, 2)).isTrue();

            lab.cut(1, 2);

            assertThat(answers(lab, 1, 2)).isFalse();
            assertThat(answers(lab, 1, 3)).isTrue();
            assertThat(answers(lab, 3, 2)).isTrue();

            lab.heal(1, 2);

            assertThat(answers(lab, 1, 2)).isTrue();
        }
    }

    @Test
    void anIsolatedHostReachesNobodyButTheHarness() {
        assumeTrue(NetworkLab.obstacle().isEmpty(), NetworkLab.obstacle());
        try (NetworkLab lab = NetworkLab.build(3)) {
            lab.isolate(2);

            assertThat(answers(lab, 2, 1)).isFalse();
            assertThat(answers(lab, 3, 2)).isFalse();
            assertThat(answers(lab, 1, 3)).isTrue();
            assertThat(answersHarness(lab, 2)).isTrue();

            lab.healAll();

            assertThat(answers(lab, 2, 1)).isTrue();
        }
    }

    @Test
    void closingLeavesNoNamespaceBehind() {
        assumeTrue(NetworkLab.obstacle().isEmpty(), NetworkLab.obstacle());
        String namespace;
        try (NetworkLab lab = NetworkLab.build(1)) {
            namespace = lab.commandPrefix(1).get(3);
            assertThat(Shell.run("ip", "netns", "list")).contains(namespace);
        }

        assertThat(Shell.run("ip", "netns", "list").lines().map(line -> line.split(" ", -1)[0]))
                .doesNotContain(namespace);
    }

    /** Whether a TCP connection attempt from one host gets any answer from another: a refusal is one, silence is none. */
    private static boolean answers(NetworkLab lab, int from, int to) {
        return connects(lab, from, lab.address(to));
    }

    private static boolean answersHarness(NetworkLab lab, int from) {
        return connects(lab, from, lab.address(254));
    }

    private static boolean connects(NetworkLab lab, int from, String address) {
        List<String> command = new ArrayList<>(lab.commandPrefix(from));
        String attempt = "exec 2>/dev/null; timeout 1 bash -c '</dev/tcp/" + address + "/9'; [ $? -ne 124 ]";
        command.addAll(List.of("bash", "-c", attempt));
        return Shell.succeeds(command.toArray(String[]::new));
    }
}
