/** The harness that starts, breaks and judges real clusters. */
@NullMarked
package io.statehouse.cluster;

import org.jspecify.annotations.NullMarked;
