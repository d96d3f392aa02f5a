/** What the agent layer promises, over JSON-RPC and gRPC. */
@NullMarked
package io.statehouse.node.agent;

import org.jspecify.annotations.NullMarked;
