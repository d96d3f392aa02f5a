/** The cheapest chaos cases, run with every build, and the command line. */
@NullMarked
package io.statehouse.cluster.chaos;

import org.jspecify.annotations.NullMarked;
