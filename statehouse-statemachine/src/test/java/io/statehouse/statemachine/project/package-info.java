/** Rows of events. */
@NullMarked
package io.statehouse.statemachine.project;

import org.jspecify.annotations.NullMarked;
