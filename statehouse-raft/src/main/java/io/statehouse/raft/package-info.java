/** The replicated log: Apache Ratis behind one port, and nothing of it visible outside. */
@NullMarked
package io.statehouse.raft;

import org.jspecify.annotations.NullMarked;
