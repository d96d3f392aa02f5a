/** Callers that each wait for their answer, and what is said of many rounds of them. */
@NullMarked
package io.statehouse.cluster.bench.load;

import org.jspecify.annotations.NullMarked;
