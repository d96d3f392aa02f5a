/** Callers of the cluster, each kind with a purpose of its own, and the record of every call they make. */
@NullMarked
package io.statehouse.cluster.chaos.workload;

import org.jspecify.annotations.NullMarked;
