/** Journal, ledger and replay. */
@NullMarked
package io.statehouse.statemachine.history;

import org.jspecify.annotations.NullMarked;
