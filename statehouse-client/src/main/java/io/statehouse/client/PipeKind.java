package io.statehouse.client;

import com.google.protobuf.MessageLite;
import io.grpc.MethodDescriptor;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.CommitStreamServiceGrpc;
import io.statehouse.proto.v1.GetStateRequest;
import io.statehouse.proto.v1.GetStateResponse;
import io.statehouse.proto.v1.ReadStreamServiceGrpc;
import io.statehouse.proto.v1.StatehouseError;
import io.statehouse.proto.v1.StreamedAnswer;
import io.statehouse.proto.v1.StreamedCommit;
import io.statehouse.proto.v1.StreamedRead;
import io.statehouse.proto.v1.StreamedReadAnswer;
import org.jspecify.annotations.Nullable;

/**
 * What travels through a pipe: requests of one kind, and how they and their answers look in its messages.
 *
 * @param <Q> a request as a call of its own would carry it
 * @param <R> the response to that
 * @param <S> a message to the node
 * @param <A> a message of the node
 */
sealed interface PipeKind<Q extends MessageLite, R, S, A> {
    PipeKind<CommitRequest, CommitResponse, StreamedCommit, StreamedAnswer> COMMITS = new Commits();
    PipeKind<GetStateRequest, GetStateResponse, StreamedRead, StreamedReadAnswer> READS = new Gets();

    /** In the plural. */
    String name();

    MethodDescriptor<S, A> method();

    S request(long number, Q request, int timeoutMillis);

    long number(A answer);

    /** Null when the answer is an error. */
    @Nullable
    R response(A answer);

    StatehouseError error(A answer);

    /** To the leader, under transaction ids. */
    record Commits() implements PipeKind<CommitRequest, CommitResponse, StreamedCommit, StreamedAnswer> {
        @Override
        public String name() {
            return "commits";
        }

        @Override
        public MethodDescriptor<StreamedCommit, StreamedAnswer> method() {
            return CommitStreamServiceGrpc.getCommitStreamMethod();
        }

        @Override
        public StreamedCommit request(long number, CommitRequest request, int timeoutMillis) {
            return StreamedCommit.newBuilder()
                    .setNumber(number)
                    .setCommit(request)
                    .setTimeoutMs(timeoutMillis)
                    .build();
        }

        @Override
        public long number(StreamedAnswer answer) {
            return answer.getNumber();
        }

        @Override
        public @Nullable CommitResponse response(StreamedAnswer answer) {
            return answer.hasCommitted() ? answer.getCommitted() : null;
        }

        @Override
        public StatehouseError error(StreamedAnswer answer) {
            return answer.getError();
        }
    }

    /** Of single keys. */
    record Gets() implements PipeKind<GetStateRequest, GetStateResponse, StreamedRead, StreamedReadAnswer> {
        @Override
        public String name() {
            return "reads";
        }

        @Override
        public MethodDescriptor<StreamedRead, StreamedReadAnswer> method() {
            return ReadStreamServiceGrpc.getReadStreamMethod();
        }

        @Override
        public StreamedRead request(long number, GetStateRequest request, int timeoutMillis) {
            return StreamedRead.newBuilder()
                    .setNumber(number)
                    .setGet(request)
                    .setTimeoutMs(timeoutMillis)
                    .build();
        }

        @Override
        public long number(StreamedReadAnswer answer) {
            return answer.getNumber();
        }

        @Override
        public @Nullable GetStateResponse response(StreamedReadAnswer answer) {
            return answer.hasState() ? answer.getState() : null;
        }

        @Override
        public StatehouseError error(StreamedReadAnswer answer) {
            return answer.getError();
        }
    }
}
