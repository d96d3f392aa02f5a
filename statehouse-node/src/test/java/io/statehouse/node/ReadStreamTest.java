package io.statehouse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.Consistency;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.GetStateRequest;
import io.statehouse.proto.v1.ReadOptions;
import io.statehouse.proto.v1.ReadStreamServiceGrpc;
import io.statehouse.proto.v1.StreamedRead;
import io.statehouse.proto.v1.StreamedReadAnswer;
import io.statehouse.proto.v1.Transaction;
import io.statehouse.proto.v1.TransactionOperation;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReadStreamTest extends NativeSession {
    /** More than are taken ahead of their answers. */
    private static final int MANY = 10_000;

    private final List<StreamedReadAnswer> answers = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    @Test
    void everyReadIsAnsweredOnceByItsNumber() {
        for (int key = 0; key < 10; key++) {
            commit(put("k" + key, "" + key));
        }
        StreamObserver<StreamedRead> stream = open();
        for (int i = 0; i < MANY; i++) {
            stream.onNext(read(i, "k" + i % 10));
        }
        stream.onCompleted();
        end.join();

        assertThat(answers.stream().map(StreamedReadAnswer::getNumber))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, MANY).boxed().toList());
        assertThat(answers)
                .allMatch(answer ->
                        answer.getState().getJson().equals(ByteString.copyFromUtf8("" + answer.getNumber() % 10)));
    }

    @Test
    void aReadSeesWhatWasAcknowledgedBeforeIt() {
        StreamObserver<StreamedRead> stream = open();
        for (int written = 1; written <= 200; written++) {
            commit(put("k", "" + written));
            // Company, so that groups are under way when the last one comes.
            stream.onNext(read(2L * written, "other"));
            stream.onNext(read(2L * written + 1, "k"));
            long number = 2L * written + 1;
            await().pollInterval(Duration.ofMillis(1)).until(() -> isAnswered(number));
            assertThat(answer(number).getState().getJson().toStringUtf8()).isEqualTo("" + written);
        }
        stream.onCompleted();
        end.join();
    }

    @Test
    void aReadThatIsRefusedEndsNothingButItself() {
        commit(put("k", "1"));
        StreamObserver<StreamedRead> stream = open();
        stream.onNext(read(1, ""));
        stream.onNext(StreamedRead.newBuilder().setNumber(2).build());
        stream.onNext(with(read(3, "k"), ReadOptions.newBuilder().setTxnId("staged")));
        stream.onNext(read(4, "k"));
        stream.onCompleted();
        end.join();

        assertThat(answers).hasSize(4);
        for (StreamedReadAnswer answer : answers) {
            if (answer.getNumber() == 4) {
                assertThat(answer.getState().getExists()).isTrue();
            } else {
                assertThat(answer.getError().getCode()).isEqualTo(ErrorCode.INVALID_REQUEST);
            }
        }
    }

    @Test
    void whatGainsNothingFromCompanyIsReadElsewhere() {
        long first = commit(put("k", "1")).getCommitTs();
        StreamObserver<StreamedRead> stream = open();
        stream.onNext(with(read(1, "k"), AS_JSON.toBuilder().setCommitTs(first)));
        stream.onNext(with(read(2, "k"), AS_JSON.toBuilder().setConsistency(Consistency.CONSISTENCY_LOCAL)));
        stream.onCompleted();
        end.join();

        assertThat(answers).hasSize(2).allMatch(answer -> answer.getError().getCode() == ErrorCode.INVALID_REQUEST);
    }

    @Test
    void anAnswerThatIsTooLargeIsRefusedAndTheOthersGoOn() {
        String large = "[" + "0,".repeat(450_000) + "0]";
        commit(put("large", large));
        commit(put("k", "1"));
        StreamObserver<StreamedRead> stream = open();
        // As a Struct each number takes many times its text.
        stream.onNext(with(read(1, "large"), ReadOptions.newBuilder()));
        stream.onNext(read(2, "k"));
        stream.onCompleted();
        end.join();

        assertThat(answer(1).getError().getCode()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
        assertThat(answer(2).getState().getExists()).isTrue();
    }

    @Test
    void whoDoesNotTakeAnswersIsReadForNoFurther() {
        String large = "\"" + "x".repeat(500_000) + "\"";
        commit(put("k", large));
        var slow = new SlowCaller();
        StreamObserver<StreamedRead> stream =
                ReadStreamServiceGrpc.newStub(client.stub().getChannel()).readStream(slow);
        for (int i = 0; i < 200; i++) {
            stream.onNext(read(i, "k"));
        }
        stream.onCompleted();

        for (int taken = 1; taken <= 200; taken++) {
            slow.takeOne();
            int all = taken;
            await().atMost(Duration.ofSeconds(20)).until(() -> answers.size() == all);
        }
        assertThat(end).succeedsWithin(Duration.ofSeconds(10));
        assertThat(answers.stream().map(StreamedReadAnswer::getNumber)).doesNotHaveDuplicates();
    }

    private CommitResponse commit(TransactionOperation operation) {
        return client.stub()
                .commit(CommitRequest.newBuilder()
                        .setTxnId(UUID.randomUUID().toString())
                        .setTransaction(Transaction.newBuilder().addOperations(operation))
                        .build());
    }

    private boolean isAnswered(long number) {
        return answers.stream().anyMatch(answer -> answer.getNumber() == number);
    }

    private StreamedReadAnswer answer(long number) {
        return answers.stream()
                .filter(answer -> answer.getNumber() == number)
                .findFirst()
                .orElseThrow();
    }

    private StreamObserver<StreamedRead> open() {
        return ReadStreamServiceGrpc.newStub(client.stub().getChannel()).readStream(new Listener());
    }

    private StreamedRead read(long number, String key) {
        return StreamedRead.newBuilder()
                .setNumber(number)
                .setGet(GetStateRequest.newBuilder()
                        .setOptions(AS_JSON)
                        .setNamespace(namespace)
                        .setAgentId(ADA)
                        .setKey(key))
                .build();
    }

    private static StreamedRead with(StreamedRead read, ReadOptions.Builder options) {
        return read.toBuilder()
                .setGet(read.getGet().toBuilder().setOptions(options))
                .build();
    }

    private class Listener implements StreamObserver<StreamedReadAnswer> {
        @Override
        public void onNext(StreamedReadAnswer answer) {
            answers.add(answer);
        }

        @Override
        public void onError(Throwable failure) {
            end.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            end.complete(null);
        }
    }

    /** Takes one answer at a time, when told to. */
    private final class SlowCaller extends Listener
            implements ClientResponseObserver<StreamedRead, StreamedReadAnswer> {
        private volatile @Nullable ClientCallStreamObserver<StreamedRead> requests;

        @Override
        public void beforeStart(ClientCallStreamObserver<StreamedRead> requests) {
            this.requests = requests;
            requests.disableAutoRequestWithInitial(0);
        }

        void takeOne() {
            Objects.requireNonNull(requests).request(1);
        }
    }
}
