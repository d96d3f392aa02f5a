/** A large store on one node: how fast the past is read, and what it costs in memory. */
@NullMarked
package io.statehouse.cluster.bench.time;

import org.jspecify.annotations.NullMarked;
