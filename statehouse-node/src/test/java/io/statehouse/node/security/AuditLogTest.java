package io.statehouse.node.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.statehouse.node.audit.AuditPlace;
import io.statehouse.node.audit.AuditProof;
import io.statehouse.node.service.AccessPolicy.About;
import io.statehouse.node.service.AccessPolicy.Arrival;
import io.statehouse.node.service.ErrorKind;
import io.statehouse.node.service.ServiceException;
import io.statehouse.node.service.Trace;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.TxnId;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    private final AtomicLong now = new AtomicLong();
    private final List<String> lines = new ArrayList<>();
    private final AuditLog audit = new AuditLog(lines::add, lines::add, now::get);

    private static Arrival from(int port) {
        return new Arrival(
                "statehouse.v1.StatehouseService/Write", null, "/10.0.0.9:" + port, new Trace(0, port, 1, false));
    }

    private void passWindow() {
        now.addAndGet(AuditLog.WINDOW.toNanos());
        audit.flush();
    }

    @Test
    void whatIsDeniedOverAndOverIsALineAndACount() {
        for (int port = 1; port <= 1_000; port++) {
            audit.denied("ada", from(port), "WRITER in own", About.NOTHING);
        }
        audit.flush();
        assertThat(lines)
                .containsExactly("denied who=ada rpc=statehouse.v1.StatehouseService/Write peer=/10.0.0.9"
                        + " missing=\"WRITER in own\" trace=00000000000000000000000000000001");

        passWindow();
        assertThat(lines).hasSize(2).last().asString().startsWith("denied again times=999 who=ada");

        audit.denied("ada", from(1), "WRITER in own", About.NOTHING);
        assertThat(lines).hasSize(3).last().asString().startsWith("denied who=ada");
    }

    @Test
    void aDenialTellsTheIdAndTheHashOfTheKeyAndTheSameWithOthersIsCounted() {
        Key key = new Agent("own", "ada").key("plan");
        audit.denied("ada", from(1), "WRITER in own", new About(new TxnId("t 1"), key));
        audit.denied("ada", from(1), "WRITER in own", new About(new TxnId("t2"), key));

        // printf 'own\nada\nplan' | sha256sum
        assertThat(lines)
                .containsExactly("denied who=ada rpc=statehouse.v1.StatehouseService/Write peer=/10.0.0.9"
                        + " missing=\"WRITER in own\" txn=t?1"
                        + " key_sha256=b2ca13675387827cd4459c078bbd139656e993e203680ea9dd3cd840b56c974c"
                        + " trace=00000000000000000000000000000001");
    }

    @Test
    void anIdThatNobodyHasLookedAtYetDoesNotFillTheAudit() {
        audit.administered("root", from(1), new TxnId("x".repeat(1 << 20)));

        assertThat(lines).singleElement().satisfies(line -> assertThat(line).hasSizeLessThan(1_000));
    }

    @Test
    void manyKindsOfDenialsAreCountedTogether() {
        int asked = 3 * AuditLog.DENIED_MAX;
        for (int index = 0; index < asked; index++) {
            audit.denied("ada", from(1), "WRITER in namespace" + index, About.NOTHING);
        }

        passWindow();

        assertThat(lines).hasSize(AuditLog.DENIED_MAX + 1);
        assertThat(lines).last().asString().contains("times=" + (asked - AuditLog.DENIED_MAX));
    }

    @Test
    void whatIsKeptOnTheDiskIsBoundTogetherAndItsChainIsInTheLog(@TempDir Path directory) throws Exception {
        var place = new AuditPlace(directory.resolve("audit"), "n1", 1 << 20, 2);
        audit.denied("early", from(1), "WRITER in own", About.NOTHING);
        audit.keep(place, InstantSource.system());
        audit.admitted("root", from(1));
        audit.denied("ada", from(1), "WRITER in own", About.NOTHING);
        audit.close();

        assertThat(lines.getFirst()).doesNotContain(" chain=");
        for (String line : lines.subList(1, lines.size())) {
            String chain = line.substring(line.lastIndexOf('=') + 1);
            assertThat(line).contains(" line=1 chain=");
            assertThat(AuditProof.run(place.directory(), chain)).hasSize(2).allMatch(stream -> stream.last() == 1);
        }
    }

    @Test
    void whatIsStillHeldBackAtTheEndIsWrittenDown(@TempDir Path directory) throws Exception {
        audit.keep(new AuditPlace(directory.resolve("audit"), "n1", 1 << 20, 2), InstantSource.system());
        for (int port = 1; port <= 3; port++) {
            audit.denied("ada", from(port), "WRITER in own", About.NOTHING);
        }
        assertThat(lines).hasSize(1);

        audit.close();

        assertThat(lines).hasSize(2).last().asString().startsWith("denied again times=2 who=ada");
        String chain = lines.getLast().substring(lines.getLast().lastIndexOf('=') + 1);
        assertThat(AuditProof.run(directory.resolve("audit"), chain)).hasSize(2);
    }

    @Test
    void whatCannotBeWrittenDownIsNotAdmittedAndStillDenied(@TempDir Path directory) throws Exception {
        audit.keep(new AuditPlace(directory.resolve("audit"), "n1", 1 << 20, 2), InstantSource.system());
        audit.close();

        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> audit.admitted("root", from(1)))
                .satisfies(refused -> assertThat(refused.kind()).isEqualTo(ErrorKind.STORAGE_ERROR));
        audit.denied("ada", from(1), "WRITER in own", About.NOTHING);

        assertThat(lines).singleElement().asString().contains("who=ada").endsWith(" kept=no");
    }

    @Test
    void whatIsAdmittedIsNeverCountedTogether() {
        audit.admitted("root", from(1));
        audit.admitted("root", from(1));

        assertThat(lines).hasSize(2);
    }
}
