package io.statehouse.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.statehouse.proto.v1.ErrorCode;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private static final Set<Status.Code> GIVEN_BEFORE_A_HANDLER_RUNS = Set.of(
            Status.Code.INVALID_ARGUMENT,
            Status.Code.OUT_OF_RANGE,
            Status.Code.UNAUTHENTICATED,
            Status.Code.PERMISSION_DENIED,
            Status.Code.UNIMPLEMENTED,
            Status.Code.RESOURCE_EXHAUSTED,
            Status.Code.NOT_FOUND,
            Status.Code.ALREADY_EXISTS,
            Status.Code.FAILED_PRECONDITION);

    @Test
    void aStatusThatTheServerDidNotExplainLeavesASentTryInDoubt() {
        for (Status.Code code : Status.Code.values()) {
            if (code == Status.Code.OK) {
                continue;
            }
            boolean isRefusal = GIVEN_BEFORE_A_HANDLER_RUNS.contains(code);
            assertThat(Verdict.of(code.toStatus(), null, true).kind())
                    .as(code.name())
                    .isEqualTo(isRefusal ? Verdict.Kind.REFUSED : Verdict.Kind.IN_DOUBT);
            assertThat(Verdict.of(code.toStatus(), new Metadata(), false).kind())
                    .as(code.name())
                    .isEqualTo(isRefusal ? Verdict.Kind.REFUSED : Verdict.Kind.NOT_SENT);
        }
    }

    @Test
    void onlyDecisionsOfTheReplicatedStateHoldForEveryTry() {
        for (ErrorCode code : ErrorCode.values()) {
            if (code == ErrorCode.UNRECOGNIZED) {
                continue;
            }
            Verdict.Kind kind = verdict(code, Map.of()).kind();
            Verdict.Kind expected = switch (code) {
                case CONFLICT, NOT_APPLICABLE, FENCED, TXN_ID_REUSED, TXN_ABORTED -> Verdict.Kind.DECIDED;
                case NOT_LEADER -> Verdict.Kind.NOT_LEADER;
                case NOT_READY -> Verdict.Kind.NOT_READY;
                case OVERLOADED -> Verdict.Kind.OVERLOADED;
                case UNKNOWN, OUTCOME_UNKNOWN, STORAGE_ERROR, INTERNAL_ERROR -> Verdict.Kind.IN_DOUBT;
                default -> Verdict.Kind.REFUSED;
            };
            assertThat(kind).as(code.name()).isEqualTo(expected);
        }
    }

    @Test
    void aHintIsTakenOnlyIfItIsAnAddress() {
        assertThat(verdict(ErrorCode.NOT_LEADER, Map.of("leader_address", "n2:7"))
                        .hint())
                .isEqualTo(new Endpoint("n2", 7));
        assertThat(verdict(ErrorCode.NOT_LEADER, Map.of("leader_address", "no address"))
                        .hint())
                .isNull();
        assertThat(verdict(ErrorCode.NOT_LEADER, Map.of()).hint()).isNull();
        assertThat(verdict(ErrorCode.CONFLICT, Map.of("leader_address", "n2:7")).hint())
                .isNull();
    }

    @Test
    void aServerIsLeftAloneForASecondAtMostAndOnlyIfItIsOverloaded() {
        assertThat(verdict(ErrorCode.OVERLOADED, Map.of("retry_after_ms", "300"))
                        .retryAfter())
                .isEqualTo(Duration.ofMillis(300));
        assertThat(verdict(ErrorCode.OVERLOADED, Map.of("retry_after_ms", "99999"))
                        .retryAfter())
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(verdict(ErrorCode.OVERLOADED, Map.of("retry_after_ms", "soon"))
                        .retryAfter())
                .isZero();
        assertThat(verdict(ErrorCode.NOT_READY, Map.of("retry_after_ms", "300")).retryAfter())
                .isZero();
    }

    @Test
    void detailsThatAreNoErrorOfOursSayNothing() {
        var trailers = new Metadata();
        trailers.put(Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER), new byte[] {9, 9, 9});

        assertThat(Verdict.of(Status.UNAVAILABLE, trailers, true).kind()).isEqualTo(Verdict.Kind.IN_DOUBT);
    }

    private static Verdict verdict(ErrorCode code, Map<String, String> details) {
        StatusRuntimeException failure = FakeNode.error(code, "told", details);
        return Verdict.of(failure.getStatus(), failure.getTrailers(), true);
    }
}
