/** Decisions without a store. */
@NullMarked
package io.statehouse.statemachine.decide;

import org.jspecify.annotations.NullMarked;
