/** The few messages of other systems that the benchmarks speak, written by hand so that no client library comes with them. */
@NullMarked
package io.statehouse.cluster.bench.wire;

import org.jspecify.annotations.NullMarked;
