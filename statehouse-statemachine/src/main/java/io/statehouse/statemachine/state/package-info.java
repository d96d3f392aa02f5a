/** Read-only pictures of the state at one commit_ts. */
@NullMarked
package io.statehouse.statemachine.state;

import org.jspecify.annotations.NullMarked;
