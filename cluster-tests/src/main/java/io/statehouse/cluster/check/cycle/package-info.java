/** Strict serializability of transactions over lists, decided by cycles. */
@NullMarked
package io.statehouse.cluster.check.cycle;

import org.jspecify.annotations.NullMarked;
