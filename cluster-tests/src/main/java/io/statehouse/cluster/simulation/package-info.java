/** The real core under a fake ordered log: seeded crashes, re-delivery and snapshots, judged by a model that shares no code. */
@NullMarked
package io.statehouse.cluster.simulation;

import org.jspecify.annotations.NullMarked;
