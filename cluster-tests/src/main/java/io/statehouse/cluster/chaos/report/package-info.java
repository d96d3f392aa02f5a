/** A run on one page: drawn from its history, with no need of anything beside the file. */
@NullMarked
package io.statehouse.cluster.chaos.report;

import org.jspecify.annotations.NullMarked;
