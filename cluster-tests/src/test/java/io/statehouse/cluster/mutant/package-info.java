/** Shows that each mutant is noticed by the test it is paired with. */
@NullMarked
package io.statehouse.cluster.mutant;

import org.jspecify.annotations.NullMarked;
