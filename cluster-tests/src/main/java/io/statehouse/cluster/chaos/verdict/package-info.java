/** What a run proved: the time axis read back from its history, what was demanded, and whether it held. */
@NullMarked
package io.statehouse.cluster.chaos.verdict;

import org.jspecify.annotations.NullMarked;
