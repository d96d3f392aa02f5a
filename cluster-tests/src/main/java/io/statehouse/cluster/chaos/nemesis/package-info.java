/** Faults, by what they attack: processes, the network, leadership, what clients hear. */
@NullMarked
package io.statehouse.cluster.chaos.nemesis;

import org.jspecify.annotations.NullMarked;
