package io.statehouse.cluster.bench.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HeapProbeTest {
    private static final long K = 1 << 10;

    @Test
    void theGenerationsOfTheSerialCollectorAddUpAndClassesDoNotCount() {
        String info = """
                77:
                DefNew     total 78656K, used 2100K [0x1, 0x2, 0x3)
                 eden space 69952K,   3% used [0x1, 0x2, 0x3)
                Tenured    total 174784K, used 10000K [0x1, 0x2, 0x3)
                 the space 174784K,   5% used [0x1, 0x2, 0x3)
                 Metaspace       used 31000K, committed 31500K, reserved 1114112K
                """;

        assertThat(HeapProbe.usedBytes(info)).isEqualTo(12_100 * K);
    }

    @Test
    void theRegionsOfG1AreOneNumber() {
        String info = """
                77:
                garbage-first heap   total reserved 1048576K, committed 262144K, used 20480K [0x1, 0x2)
                 region size 1024K, 3 young (3072K), 0 survivors (0K)
                 Metaspace       used 31000K, committed 31500K, reserved 1114112K
                """;

        assertThat(HeapProbe.usedBytes(info)).isEqualTo(20_480 * K);
    }

    @Test
    void theLimitOfTheHeapIsAmongTheFlags() {
        assertThat(HeapProbe.limitBytes("77:\n-XX:CICompilerCount=2 -XX:MaxHeapSize=536870912 -XX:+UseSerialGC"))
                .isEqualTo(512 * K * K);
        assertThatThrownBy(() -> HeapProbe.limitBytes("77:\n-XX:+UseSerialGC")).hasMessageContaining("no limit");
    }

    @Test
    void whatIsResidentNowAndWasAtMostAreLinesOfTheStatus() {
        String status = "Name:\tjava\nVmHWM:\t  300 kB\nVmRSS:\t  200 kB\n";

        assertThat(HeapProbe.statusBytes(status, "VmRSS")).isEqualTo(200 * K);
        assertThat(HeapProbe.statusBytes(status, "VmHWM")).isEqualTo(300 * K);
        assertThatThrownBy(() -> HeapProbe.statusBytes("Name:\tjava\n", "VmRSS"))
                .hasMessageContaining("no VmRSS");
    }

    @Test
    void anAnswerWithoutAHeapIsNoHeapOfZero() {
        assertThatThrownBy(() -> HeapProbe.usedBytes("77:\nMetaspace used 5K")).hasMessageContaining("no heap");
    }
}
