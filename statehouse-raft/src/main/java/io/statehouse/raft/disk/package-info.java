/** What a node's disk must prove before it may vote. */
@NullMarked
package io.statehouse.raft.disk;

import org.jspecify.annotations.NullMarked;
