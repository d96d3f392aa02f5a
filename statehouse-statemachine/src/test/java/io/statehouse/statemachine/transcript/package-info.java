/** Text files of commands with the exact replies, events and rows that follow. */
@NullMarked
package io.statehouse.statemachine.transcript;

import org.jspecify.annotations.NullMarked;
