/** The gRPC surface of a node, the only place that knows the wire messages. */
@NullMarked
package io.statehouse.node.grpc;

import org.jspecify.annotations.NullMarked;
