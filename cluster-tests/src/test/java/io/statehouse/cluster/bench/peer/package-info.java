/** What systems are told, and what is read of their logs. */
@NullMarked
package io.statehouse.cluster.bench.peer;

import org.jspecify.annotations.NullMarked;
