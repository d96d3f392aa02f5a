/**
 * What a case is made of: the shape of its cluster, the plan of its faults, and the scene on which they happen.
 *
 * <p>A {@link io.statehouse.cluster.chaos.scenario.Fault} does harm on a {@link io.statehouse.cluster.chaos.scenario.Scene}; the
 * {@link io.statehouse.cluster.chaos.scenario.Harm} it did tells by which evidence it can be seen to be in force, and undoes
 * itself. A {@link io.statehouse.cluster.chaos.scenario.Plan} strikes faults until the scene is over.
 */
@NullMarked
package io.statehouse.cluster.chaos.scenario;

import org.jspecify.annotations.NullMarked;
