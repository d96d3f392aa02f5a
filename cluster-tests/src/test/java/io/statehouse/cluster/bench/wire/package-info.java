/** Messages of other systems against bytes that their own libraries wrote. */
@NullMarked
package io.statehouse.cluster.bench.wire;

import org.jspecify.annotations.NullMarked;
