/** Events become rows; nothing here can decide. */
@NullMarked
package io.statehouse.statemachine.project;

import org.jspecify.annotations.NullMarked;
