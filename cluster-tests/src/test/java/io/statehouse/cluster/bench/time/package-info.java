/** Large stores and a look into memory. */
@NullMarked
package io.statehouse.cluster.bench.time;

import org.jspecify.annotations.NullMarked;
