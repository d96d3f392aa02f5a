/** Proves the checkers of this package with histories written by hand: every anomaly, and its legal twin. */
@NullMarked
package io.statehouse.cluster.check.agent;

import org.jspecify.annotations.NullMarked;
