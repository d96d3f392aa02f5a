/** The systems under comparison, each started on this machine and driven in the same way. */
@NullMarked
package io.statehouse.cluster.bench.peer;

import org.jspecify.annotations.NullMarked;
