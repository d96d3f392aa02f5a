/** Histories of calls go in, verdicts with witnesses come out. */
@NullMarked
package io.statehouse.cluster.check;

import org.jspecify.annotations.NullMarked;
