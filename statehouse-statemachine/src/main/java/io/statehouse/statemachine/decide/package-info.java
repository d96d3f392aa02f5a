/** Command and state become a decision; nothing here can write. */
@NullMarked
package io.statehouse.statemachine.decide;

import org.jspecify.annotations.NullMarked;
