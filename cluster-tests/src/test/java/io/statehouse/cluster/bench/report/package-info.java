/** A comparison as text, JSON and page. */
@NullMarked
package io.statehouse.cluster.bench.report;

import org.jspecify.annotations.NullMarked;
