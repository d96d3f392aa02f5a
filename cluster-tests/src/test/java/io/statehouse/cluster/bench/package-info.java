/** The command line of the benchmarks; nothing here is timed. */
@NullMarked
package io.statehouse.cluster.bench;

import org.jspecify.annotations.NullMarked;
