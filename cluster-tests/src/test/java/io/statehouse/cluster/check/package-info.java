/** Proves that the checkers are right. */
@NullMarked
package io.statehouse.cluster.check;

import org.jspecify.annotations.NullMarked;
