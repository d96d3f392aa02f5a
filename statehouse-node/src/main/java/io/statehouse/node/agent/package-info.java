/** Sessions, events, tools, leases and documents of agents, as conditional transactions of the core. */
@NullMarked
package io.statehouse.node.agent;

import org.jspecify.annotations.NullMarked;
