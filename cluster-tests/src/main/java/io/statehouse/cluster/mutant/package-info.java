/** The product broken on purpose, class by class as it is loaded, to show that the tests would notice. */
@NullMarked
package io.statehouse.cluster.mutant;

import org.jspecify.annotations.NullMarked;
