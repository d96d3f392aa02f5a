/**
 * Chaos: real nodes under faults and traffic, every call recorded, and a verdict that anybody can ask for again.
 *
 * <p>A run of a case ({@link io.statehouse.cluster.chaos.CaseRun}) builds the case's site and cluster, sets its workloads to
 * work, strikes faults by its plan, heals all, asks every node for its state and its journal, and judges what the history then
 * holds. Cases are listed in {@link io.statehouse.cluster.chaos.cases.Registry}; docs/chaos.md tells how to add one.
 */
@NullMarked
package io.statehouse.cluster.chaos;

import org.jspecify.annotations.NullMarked;
