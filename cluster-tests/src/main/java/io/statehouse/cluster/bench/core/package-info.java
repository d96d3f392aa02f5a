/** Benchmarks of the core alone, on one thread: no cluster, and no network but the loopback of an embedded node. */
@NullMarked
package io.statehouse.cluster.bench.core;

import org.jspecify.annotations.NullMarked;
