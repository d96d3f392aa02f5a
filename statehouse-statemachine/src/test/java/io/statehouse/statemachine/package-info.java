/** The core seen through its front door. */
@NullMarked
package io.statehouse.statemachine;

import org.jspecify.annotations.NullMarked;
