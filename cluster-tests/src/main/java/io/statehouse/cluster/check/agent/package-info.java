/** Judgements of what the agent layer promises: events in one row, leases that fence, effects that one caller does. */
@NullMarked
package io.statehouse.cluster.check.agent;

import org.jspecify.annotations.NullMarked;
