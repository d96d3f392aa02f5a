/** What a caller may ask, and exactly what the Raft log carries. */
@NullMarked
package io.statehouse.statemachine.command;

import org.jspecify.annotations.NullMarked;
