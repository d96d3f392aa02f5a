/** The benchmarks: Statehouse beside what people would use instead, and the figures that its time travel promises. */
@NullMarked
package io.statehouse.cluster.bench;

import org.jspecify.annotations.NullMarked;
