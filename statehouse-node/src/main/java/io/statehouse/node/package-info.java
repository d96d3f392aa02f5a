/** The daemon statehoused: everything long-lived is made here, in start order, and closed in reverse. */
@NullMarked
package io.statehouse.node;

import org.jspecify.annotations.NullMarked;
