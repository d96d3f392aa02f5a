/** Linearizability of single keys, decided by search. */
@NullMarked
package io.statehouse.cluster.check.linear;

import org.jspecify.annotations.NullMarked;
