/** What happened, in order, and the past it lets us read. */
@NullMarked
package io.statehouse.statemachine.history;

import org.jspecify.annotations.NullMarked;
