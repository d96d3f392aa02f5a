/** What is said of many rounds. */
@NullMarked
package io.statehouse.cluster.bench.load;

import org.jspecify.annotations.NullMarked;
