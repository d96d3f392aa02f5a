/** A comparison as a table, as JSON and as a page. */
@NullMarked
package io.statehouse.cluster.bench.report;

import org.jspecify.annotations.NullMarked;
