package io.statehouse.cli;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A gRPC server on a loopback port that answers each method as the test says. */
final class ScriptedServer implements AutoCloseable {
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(10);

    private final Map<String, ServerServiceDefinition.Builder> services = new HashMap<>();
    private @Nullable Server server;

    /** Answers a call with what {@code script} makes of the request, or with the status it throws. */
    <Q, R> ScriptedServer answer(MethodDescriptor<Q, R> method, Function<Q, R> script) {
        service(method).addMethod(method, ServerCalls.asyncUnaryCall((request, caller) -> {
            act(caller, () -> caller.onNext(script.apply(request)));
        }));
        return this;
    }

    /** Answers a call with a stream. */
    <Q, R> ScriptedServer stream(MethodDescriptor<Q, R> method, Function<Q, List<R>> script) {
        service(method).addMethod(method, ServerCalls.asyncServerStreamingCall((request, caller) -> {
            act(caller, () -> script.apply(request).forEach(caller::onNext));
        }));
        return this;
    }

    /** Never answers a call. */
    <Q, R> ScriptedServer ignore(MethodDescriptor<Q, R> method) {
        service(method).addMethod(method, ServerCalls.asyncUnaryCall((request, caller) -> {}));
        return this;
    }

    private <R> void act(StreamObserver<R> caller, Runnable deed) {
        try {
            deed.run();
        } catch (StatusRuntimeException e) {
            caller.onError(e);
            return;
        } catch (RuntimeException e) {
            caller.onError(Status.INTERNAL.withDescription(e.toString()).asRuntimeException());
            return;
        }
        caller.onCompleted();
    }

    private ServerServiceDefinition.Builder service(MethodDescriptor<?, ?> method) {
        String name = String.valueOf(method.getServiceName());
        return services.computeIfAbsent(name, ServerServiceDefinition::builder);
    }

    ScriptedServer start() {
        var builder = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create());
        services.values().forEach(service -> builder.addService(service.build()));
        try {
            server = builder.build().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    String address() {
        return "127.0.0.1:" + running().getPort();
    }

    private Server running() {
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        return server;
    }

    @Override
    public void close() {
        running().shutdownNow();
        try {
            if (!running().awaitTermination(STOPPED_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("a scripted server did not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
