/** The HTTP surface of a node: health, readiness and metrics. */
@NullMarked
package io.statehouse.node.http;

import org.jspecify.annotations.NullMarked;
