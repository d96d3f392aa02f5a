package io.statehouse.client;

import io.statehouse.proto.v1.GetStateAtVersionRequest;
import io.statehouse.proto.v1.GetStateRequest;
import io.statehouse.proto.v1.ListAgentsRequest;
import io.statehouse.proto.v1.ListKeysRequest;
import io.statehouse.proto.v1.ListNamespacesRequest;
import io.statehouse.proto.v1.ReadOptions;
import io.statehouse.proto.v1.ScanPrefixRequest;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The calls that change nothing. */
final class Reads {
    private final Caller caller;

    Reads(Caller caller) {
        this.caller = caller;
    }

    CompletableFuture<Entry> get(StateKey key, Read how) {
        StateKey full = key.in(namespace());
        var request = GetStateRequest.newBuilder()
                .setNamespace(full.namespace())
                .setAgentId(full.agentId())
                .setKey(full.key())
                .setOptions(ToWire.read(how))
                .build();
        return Caller.map(caller.get(request, how), response -> FromWire.entry(full.key(), response));
    }

    CompletableFuture<Entry> getVersion(StateKey key, long version) {
        StateKey full = key.in(namespace());
        var request = GetStateAtVersionRequest.newBuilder()
                .setNamespace(full.namespace())
                .setAgentId(full.agentId())
                .setKey(full.key())
                .setVersion(version)
                .setOptions(ToWire.read(Read.linearizable()))
                .build();
        var answer = caller.read(StatehouseServiceGrpc.getGetStateAtVersionMethod(), request, Read.linearizable());
        return Caller.map(answer, response -> FromWire.entry(full.key(), response));
    }

    CompletableFuture<Page<String>> keys(Range range, @Nullable Page<?> after) {
        var request = ListKeysRequest.newBuilder()
                .setNamespace(namespace())
                .setAgentId(range.agentId())
                .setPrefix(range.prefix())
                .setPageSize(pageSize(range))
                .setPageToken(token(after))
                .setOptions(options(range, after))
                .build();
        var answer = caller.read(StatehouseServiceGrpc.getListKeysMethod(), request, how(range, after));
        return Caller.map(
                answer,
                response -> new Page<>(response.getKeysList(), response.getReadTs(), response.getNextPageToken()));
    }

    CompletableFuture<Page<Entry>> scan(Range range, @Nullable Page<?> after) {
        var request = ScanPrefixRequest.newBuilder()
                .setNamespace(namespace())
                .setAgentId(range.agentId())
                .setPrefix(range.prefix())
                .setPageSize(pageSize(range))
                .setPageToken(token(after))
                .setOptions(options(range, after))
                .build();
        var answer = caller.read(StatehouseServiceGrpc.getScanPrefixMethod(), request, how(range, after));
        return Caller.map(answer, response -> {
            long readTs = response.getReadTs();
            List<Entry> entries = response.getEntriesList().stream()
                    .map(entry -> FromWire.entry(entry, readTs))
                    .toList();
            return new Page<>(entries, readTs, response.getNextPageToken());
        });
    }

    CompletableFuture<Page<String>> agents(Range range, @Nullable Page<?> after) {
        var request = ListAgentsRequest.newBuilder()
                .setNamespace(namespace())
                .setPrefix(range.prefix())
                .setPageSize(pageSize(range))
                .setPageToken(token(after))
                .setOptions(options(range, after))
                .build();
        var answer = caller.read(StatehouseServiceGrpc.getListAgentsMethod(), request, how(range, after));
        return Caller.map(
                answer,
                response -> new Page<>(response.getAgentIdsList(), response.getReadTs(), response.getNextPageToken()));
    }

    CompletableFuture<List<String>> namespaces() {
        var request = ListNamespacesRequest.newBuilder()
                .setOptions(ToWire.read(Read.linearizable()))
                .build();
        var answer = caller.read(StatehouseServiceGrpc.getListNamespacesMethod(), request, Read.linearizable());
        return Caller.map(answer, response -> List.copyOf(response.getNamespacesList()));
    }

    private String namespace() {
        return caller.options().namespace();
    }

    private int pageSize(Range range) {
        return range.pageSize() == 0 ? caller.options().pageSize() : range.pageSize();
    }

    private static String token(@Nullable Page<?> after) {
        return after == null ? "" : after.nextToken();
    }

    private static ReadOptions options(Range range, @Nullable Page<?> after) {
        return ToWire.read(how(range, after));
    }

    // The cut is fixed by the first page, so a later one needs no fresh leadership round, only a node that has the cut.
    private static Read how(Range range, @Nullable Page<?> after) {
        return after == null ? range.read() : range.read().butAtLeast(after.readTs());
    }
}
