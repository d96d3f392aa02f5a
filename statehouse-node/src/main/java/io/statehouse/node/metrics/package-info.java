/** What a node counts and times. */
@NullMarked
package io.statehouse.node.metrics;

import org.jspecify.annotations.NullMarked;
