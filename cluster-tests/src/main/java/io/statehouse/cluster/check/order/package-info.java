/** Judgements by the server's own order: the journal, the positions of commits, and what follows from them. */
@NullMarked
package io.statehouse.cluster.check.order;

import org.jspecify.annotations.NullMarked;
