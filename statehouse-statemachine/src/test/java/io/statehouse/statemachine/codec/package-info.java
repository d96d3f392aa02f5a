/** Stored formats and keys. */
@NullMarked
package io.statehouse.statemachine.codec;

import org.jspecify.annotations.NullMarked;
