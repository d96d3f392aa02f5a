/** That the benchmarks of the core do what they count. */
@NullMarked
package io.statehouse.cluster.bench.core;

import org.jspecify.annotations.NullMarked;
