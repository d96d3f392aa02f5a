/** The Java client: finds the leader, retries without doubling, and says honestly what it does not know. */
@NullMarked
package io.statehouse.client;

import org.jspecify.annotations.NullMarked;
