/** A store that is right, or wrong in one way on purpose, and runs against it under a clock that is only a number. */
@NullMarked
package io.statehouse.cluster.check.toy;

import org.jspecify.annotations.NullMarked;
