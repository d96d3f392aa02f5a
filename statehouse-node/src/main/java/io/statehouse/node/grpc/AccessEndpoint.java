package io.statehouse.node.grpc;

import io.grpc.stub.StreamObserver;
import io.statehouse.node.service.Caller;
import io.statehouse.node.service.TokenService;
import io.statehouse.proto.v1.AccessServiceGrpc;
import io.statehouse.proto.v1.CreateTokenRequest;
import io.statehouse.proto.v1.CreateTokenResponse;
import io.statehouse.proto.v1.ListTokensRequest;
import io.statehouse.proto.v1.ListTokensResponse;
import io.statehouse.proto.v1.RevokeTokenRequest;
import io.statehouse.proto.v1.RevokeTokenResponse;

/** The calls about who may do what. */
final class AccessEndpoint extends AccessServiceGrpc.AccessServiceImplBase {
    private final Calls calls;
    private final TokenService tokens;

    AccessEndpoint(Calls calls, TokenService tokens) {
        this.calls = calls;
        this.tokens = tokens;
    }

    @Override
    public void createToken(CreateTokenRequest request, StreamObserver<CreateTokenResponse> observer) {
        calls.answer(observer, () -> {
            Caller caller = Calls.caller();
            String createdBy = caller.authority().name();
            return tokens.create(caller, AccessMapper.command(request, createdBy))
                    .thenApply(done -> CreateTokenResponse.getDefaultInstance());
        });
    }

    @Override
    public void revokeToken(RevokeTokenRequest request, StreamObserver<RevokeTokenResponse> observer) {
        calls.answer(
                observer,
                () -> tokens.revoke(Calls.caller(), AccessMapper.command(request))
                        .thenApply(done -> RevokeTokenResponse.getDefaultInstance()));
    }

    @Override
    public void listTokens(ListTokensRequest request, StreamObserver<ListTokensResponse> observer) {
        calls.answer(observer, () -> tokens.list(Calls.caller()).thenApply(AccessMapper::answer));
    }
}
