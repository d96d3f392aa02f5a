package io.statehouse.cluster.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.cluster.bench.peer.Program;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchMainTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private int bench(String... arguments) {
        var out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        return BenchMain.run(out, out, arguments);
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void withoutArgumentsTheCommandsAreListed() {
        assertThat(bench()).isEqualTo(BenchMain.MEASURED);

        assertThat(text()).contains("compare", "core", "failover", "growth", "session", "time");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            compare --rounds 0                    | --rounds is 0; it must be 1 to 1000
            compare --seconds 3601                | --seconds is 3601; it must be 1 to 3600
            compare --concurrency 1,5000          | --concurrency is 5000; it must be 1 to 4096
            compare --concurrency 1,many          | --concurrency is many; it must be a number
            compare --concurrency ,               | --concurrency is empty
            compare --workloads commit,dance      | unknown workload dance; there are history, get, commit, transaction, session, watch
            compare --systems oracle              | unknown system oracle; there are statehouse, etcd, redis, postgres
            core --seconds 0                      | --seconds is 0; it must be 1 to 600
            core --forks 21                       | --forks is 21; it must be 1 to 20
            core --include Apply(                 | --include is no regular expression: Unclosed group
            failover --kills 0                    | --kills is 0; it must be 1 to 10000
            failover --systems redis              | redis runs as one node here; it has no leader
            failover --election-millis 5          | --election-millis is 5; it must be 100 to 25000
            growth --events 100000                | --events is 100000; it must be two different numbers
            growth --events 9999,100000           | a store of 9999 events; it must be at least 10000
            growth --writers 1025                 | --writers is 1025; it must be 1 to 1024
            time --events 9999                    | a store of 9999 events; it must be at least 10000
            time --rounds 3                       | Unknown options: '--rounds', '3'
            dance                                 | Unmatched argument at index 0: 'dance'
            """)
    void whatCannotBeUnderstoodIsNamedWithItsBound(String arguments, String complaint) {
        assertThat(bench(arguments.split(" ", -1))).isEqualTo(BenchMain.USAGE);

        assertThat(text()).startsWith("bench: " + complaint + "; see ./scripts/bench");
    }

    @Test
    void whatIsMissingIsNamedWithItsPackage() {
        var missing = List.of(new Program("etcd", "etcd-server"), new Program("psql", "postgresql-client"));

        assertThat(Requirements.complaint(missing))
                .contains("not installed: etcd, psql;", "apt-get install etcd-server postgresql-client;");
        assertThat(new Program("no-such-program-anywhere", "nothing").find()).isNull();
    }
}
