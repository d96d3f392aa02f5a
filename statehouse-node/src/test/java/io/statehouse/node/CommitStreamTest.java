package io.statehouse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.stub.StreamObserver;
import io.statehouse.node.contract.V1Client;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.CommitStreamServiceGrpc;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.StreamedAnswer;
import io.statehouse.proto.v1.StreamedCommit;
import io.statehouse.proto.v1.Transaction;
import io.statehouse.proto.v1.TransactionOperation;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CommitStreamTest extends NativeSession {
    /** More than are taken ahead of their answers. */
    private static final int MANY = 10_000;

    private final List<StreamedAnswer> answers = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    @Test
    void everyCommitIsAnsweredOnceByItsNumber() {
        StreamObserver<StreamedCommit> stream = open();
        for (int i = 0; i < MANY; i++) {
            stream.onNext(request(i, put("k" + i % 10, "" + i)));
        }
        stream.onCompleted();
        end.join();

        assertThat(answers.stream().map(StreamedAnswer::getNumber))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, MANY).boxed().toList());
        assertThat(answers.stream().map(answer -> answer.getCommitted().getCommitTs()))
                .doesNotHaveDuplicates();
        assertThat(get("k0", AS_JSON).getVersion()).isEqualTo(MANY / 10);
    }

    @Test
    void aCommitThatIsRefusedEndsNothingButItself() {
        StreamObserver<StreamedCommit> stream = open();
        stream.onNext(request(1, put("k", "{")));
        stream.onNext(StreamedCommit.newBuilder().setNumber(2).build());
        stream.onNext(request(3, put("", "1")));
        stream.onNext(request(4, put("k", "4")));
        stream.onCompleted();
        end.join();

        assertThat(answers).hasSize(4);
        for (StreamedAnswer answer : answers) {
            if (answer.getNumber() == 4) {
                assertThat(answer.getCommitted().getCommitTs()).isPositive();
            } else {
                assertThat(answer.getError().getCode()).isEqualTo(ErrorCode.INVALID_REQUEST);
            }
        }
        assertThat(get("k", AS_JSON).getJson().toStringUtf8()).isEqualTo("4");
    }

    @Test
    void aRepeatedCommitGetsTheFirstAnswer() {
        StreamedCommit first = request(1, put("k", "1"));
        StreamObserver<StreamedCommit> stream = open();
        stream.onNext(first);
        stream.onNext(first.toBuilder().setNumber(2).build());
        stream.onCompleted();
        end.join();

        assertThat(answers.stream()
                        .map(answer -> answer.getCommitted().getCommitTs())
                        .distinct())
                .hasSize(1);
        assertThat(get("k", AS_JSON).getVersion()).isEqualTo(1);
    }

    @Test
    void aNodeThatStopsAnswersWhatItHasTakenAndEndsTheStream() {
        TestNode stopping = TestNode.start();
        try (V1Client other = new V1Client(stopping.address(), "")) {
            StreamObserver<StreamedCommit> stream =
                    CommitStreamServiceGrpc.newStub(other.stub().getChannel()).commitStream(listener());
            stream.onNext(request(1, put("k", "1")));
            await().until(() -> answers.size() == 1);

            stopping.close();

            assertThat(end).succeedsWithin(Duration.ofSeconds(10));
        }
    }

    private StreamObserver<StreamedCommit> open() {
        return CommitStreamServiceGrpc.newStub(client.stub().getChannel()).commitStream(listener());
    }

    private StreamObserver<StreamedAnswer> listener() {
        return new StreamObserver<>() {
            @Override
            public void onNext(StreamedAnswer answer) {
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
        };
    }

    private static StreamedCommit request(long number, TransactionOperation operation) {
        return StreamedCommit.newBuilder()
                .setNumber(number)
                .setCommit(CommitRequest.newBuilder()
                        .setTxnId(UUID.randomUUID().toString())
                        .setTransaction(Transaction.newBuilder().addOperations(operation)))
                .build();
    }
}
