/** Judgements of what single workloads promise: nothing lost, nothing made up, sums kept, fates kept, watches complete. */
@NullMarked
package io.statehouse.cluster.check.workload;

import org.jspecify.annotations.NullMarked;
