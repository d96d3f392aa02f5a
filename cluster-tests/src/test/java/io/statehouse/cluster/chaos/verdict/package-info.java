/** The judge is judged. */
@NullMarked
package io.statehouse.cluster.chaos.verdict;

import org.jspecify.annotations.NullMarked;
