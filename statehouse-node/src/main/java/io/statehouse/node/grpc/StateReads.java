package io.statehouse.node.grpc;

import io.statehouse.node.config.NodeLimits;
import io.statehouse.node.service.Caller;
import io.statehouse.node.service.LimitGuard;
import io.statehouse.node.service.Overlay;
import io.statehouse.node.service.ReadPoint;
import io.statehouse.node.service.Refusals;
import io.statehouse.node.service.StateService;
import io.statehouse.node.service.TransactionService;
import io.statehouse.proto.v1.GetStateAtVersionRequest;
import io.statehouse.proto.v1.GetStateAtVersionResponse;
import io.statehouse.proto.v1.GetStateRequest;
import io.statehouse.proto.v1.GetStateResponse;
import io.statehouse.proto.v1.ListAgentsRequest;
import io.statehouse.proto.v1.ListAgentsResponse;
import io.statehouse.proto.v1.ListKeysRequest;
import io.statehouse.proto.v1.ListKeysResponse;
import io.statehouse.proto.v1.ListNamespacesRequest;
import io.statehouse.proto.v1.ListNamespacesResponse;
import io.statehouse.proto.v1.ReadOptions;
import io.statehouse.proto.v1.ScanPrefixRequest;
import io.statehouse.proto.v1.ScanPrefixResponse;
import io.statehouse.proto.v1.StateEntry;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Timeline;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.state.NamedEntry;
import io.statehouse.statemachine.state.Page;
import io.statehouse.statemachine.state.PageRequest;
import io.statehouse.statemachine.state.StateView;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Read requests as questions to a view of the state, and their answers in messages that fit. */
final class StateReads {
    private final StateService state;
    private final TransactionService transactions;
    private final LimitGuard guard;
    private final int responseBytesMax;

    StateReads(StateService state, TransactionService transactions, LimitGuard guard, NodeLimits limits) {
        this.state = state;
        this.transactions = transactions;
        this.guard = guard;
        this.responseBytesMax = limits.responseBytesMax();
    }

    CompletableFuture<GetStateResponse> get(Caller caller, GetStateRequest request) {
        Key key = checked(ApiMapper.key(request.getNamespace(), request.getAgentId(), request.getKey()));
        Overlay overlay = overlay(request.getOptions());
        boolean wantsStruct = ApiMapper.wantsStruct(request.getOptions());
        return state.read(
                caller,
                key.agent().namespace(),
                ApiMapper.readPoint(request.getOptions()),
                view -> AnswerMapper.state(view, overlay.find(view, key), wantsStruct));
    }

    /** What a read of the present asks for. */
    record Place(Key key, boolean wantsStruct) {}

    /** What a request asks for, if that can be asked. */
    Place place(GetStateRequest request) {
        Key key = checked(ApiMapper.key(request.getNamespace(), request.getAgentId(), request.getKey()));
        return new Place(key, ApiMapper.wantsStruct(request.getOptions()));
    }

    /** What a view says of a place, if the caller may see it: for whoever reads many of one view. */
    GetStateResponse find(Caller caller, Place place, StateView view) {
        state.requireReader(caller, place.key().agent().namespace());
        return AnswerMapper.state(view, view.find(place.key()), place.wantsStruct());
    }

    CompletableFuture<GetStateAtVersionResponse> getAtVersion(Caller caller, GetStateAtVersionRequest request) {
        Key key = checked(ApiMapper.key(request.getNamespace(), request.getAgentId(), request.getKey()));
        long version = ApiMapper.unsigned(request.getVersion());
        boolean wantsStruct = ApiMapper.wantsStruct(request.getOptions());
        return state.read(
                caller,
                key.agent().namespace(),
                ApiMapper.readPoint(request.getOptions()),
                view -> AnswerMapper.stateAtVersion(view, view.findVersion(key, version), wantsStruct));
    }

    CompletableFuture<ListKeysResponse> listKeys(Caller caller, ListKeysRequest request) {
        Agent agent = checked(ApiMapper.agent(request.getNamespace(), request.getAgentId()));
        Overlay overlay = overlay(request.getOptions());
        Listing listing = listing(request.getPrefix(), request.getPageSize(), request.getPageToken());
        return state.read(caller, agent.namespace(), listing.point(request.getOptions()), view -> {
            Page<String> page = overlay.keys(view, agent, listing.request());
            return ListKeysResponse.newBuilder()
                    .addAllKeys(page.items())
                    .setNextPageToken(listing.nextToken(view, page.next()))
                    .setReadTs(view.at().value())
                    .build();
        });
    }

    CompletableFuture<ScanPrefixResponse> scan(Caller caller, ScanPrefixRequest request) {
        Agent agent = checked(ApiMapper.agent(request.getNamespace(), request.getAgentId()));
        Overlay overlay = overlay(request.getOptions());
        boolean wantsStruct = ApiMapper.wantsStruct(request.getOptions());
        Listing listing = listing(request.getPrefix(), request.getPageSize(), request.getPageToken());
        return state.read(
                caller,
                agent.namespace(),
                listing.point(request.getOptions()),
                view -> entries(view, overlay.scan(view, agent, listing.request()), listing, wantsStruct));
    }

    /** Ends the page earlier when its values are larger on the wire than in the store. */
    private ScanPrefixResponse entries(StateView view, Page<NamedEntry> page, Listing listing, boolean wantsStruct) {
        ScanPrefixResponse.Builder response =
                ScanPrefixResponse.newBuilder().setReadTs(view.at().value());
        String next = page.next();
        String last = null;
        long size = 0;
        for (NamedEntry named : page.items()) {
            StateEntry entry = AnswerMapper.entry(named, wantsStruct);
            size += Listing.ITEM_OVERHEAD_BYTES + entry.getSerializedSize();
            if (size > listing.bytesMax() && last != null) {
                next = last;
                break;
            }
            response.addEntries(entry);
            last = named.name();
        }
        return response.setNextPageToken(listing.nextToken(view, next)).build();
    }

    CompletableFuture<ListAgentsResponse> listAgents(Caller caller, ListAgentsRequest request) {
        String namespace = ApiMapper.namespace(request.getNamespace());
        guard.checkNamespace(namespace);
        Listing listing = listing(request.getPrefix(), request.getPageSize(), request.getPageToken());
        return state.read(caller, namespace, listing.point(request.getOptions()), view -> {
            Page<String> page = view.agents(Timeline.MAIN, namespace, listing.request());
            return ListAgentsResponse.newBuilder()
                    .addAllAgentIds(page.items())
                    .setNextPageToken(listing.nextToken(view, page.next()))
                    .setReadTs(view.at().value())
                    .build();
        });
    }

    CompletableFuture<ListNamespacesResponse> listNamespaces(Caller caller, ListNamespacesRequest request) {
        Listing listing = listing("", 0, "");
        return state.read(caller, null, ApiMapper.readPoint(request.getOptions()), view -> {
            Page<String> page = view.namespaces(Timeline.MAIN, listing.request());
            listing.requireWhole(page.next());
            return ListNamespacesResponse.newBuilder()
                    .addAllNamespaces(page.items().stream()
                            .filter(namespace -> state.maySee(caller, namespace))
                            .toList())
                    .setReadTs(view.at().value())
                    .build();
        });
    }

    private Overlay overlay(ReadOptions options) {
        if (options.getTxnId().isEmpty()) {
            return Overlay.NONE;
        }
        if (options.getAtCase() != ReadOptions.AtCase.AT_NOT_SET) {
            throw Refusals.invalid("options.txn_id", "set together with a point in the past");
        }
        TxnId id = new TxnId(options.getTxnId());
        return new Overlay(id, transactions.operations(id));
    }

    private Key checked(Key key) {
        guard.check(key);
        return key;
    }

    private Agent checked(Agent agent) {
        guard.check(agent);
        return agent;
    }

    private Listing listing(String prefix, int pageSize, String token) {
        guard.checkPrefix(prefix);
        return new Listing(prefix, pageSize, token.isEmpty() ? null : PageToken.decode(token), responseBytesMax);
    }

    /** How one listing is cut into pages. */
    private record Listing(
            String prefix, int pageSize, @Nullable PageToken from, int responseBytesMax) {
        /** Room for what a message says besides its items. */
        private static final int HEAD_BYTES = 16 << 10;

        /** An item's tag and length. */
        private static final int ITEM_OVERHEAD_BYTES = 6;

        private int bytesMax() {
            return Math.max(1, responseBytesMax - HEAD_BYTES);
        }

        private PageRequest request() {
            int itemsMax = pageSize <= 0 ? Integer.MAX_VALUE : pageSize;
            return new PageRequest(prefix, from == null ? null : from.after(), itemsMax, bytesMax());
        }

        /** Later pages look at the commit the first one looked at. */
        private ReadPoint point(ReadOptions options) {
            return from == null
                    ? ApiMapper.readPoint(options)
                    : new ReadPoint(
                            new ReadPoint.Freshness.AtLeast(from.at()), new ReadPoint.Moment.AtCommit(from.at()));
        }

        private String nextToken(StateView view, @Nullable String next) {
            if (pageSize == 0) {
                requireWhole(next);
            }
            return next == null ? "" : new PageToken(view.at(), next).encode();
        }

        /** Who does not page gets all or an error, never a part that looks like all. */
        private void requireWhole(@Nullable String next) {
            if (next != null) {
                throw Refusals.limitExceeded(
                        "responseBytesMax (set page_size to read more)", responseBytesMax, responseBytesMax + 1L);
            }
        }
    }
}
