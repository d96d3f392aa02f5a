/** Proves that a history comes back as it was written, and no further. */
@NullMarked
package io.statehouse.cluster.check.history;

import org.jspecify.annotations.NullMarked;
