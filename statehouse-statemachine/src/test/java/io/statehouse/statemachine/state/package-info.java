/** Views of the present and the past. */
@NullMarked
package io.statehouse.statemachine.state;

import org.jspecify.annotations.NullMarked;
