/** Facts, the only thing that changes state. */
@NullMarked
package io.statehouse.statemachine.event;

import org.jspecify.annotations.NullMarked;
