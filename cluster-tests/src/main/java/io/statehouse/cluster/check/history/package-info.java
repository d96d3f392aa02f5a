/** What was asked of a cluster and what it answered, as records and as lines of a file that survives a crash. */
@NullMarked
package io.statehouse.cluster.check.history;

import org.jspecify.annotations.NullMarked;
