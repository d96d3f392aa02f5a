/** Small agents that survive their own death and that of the leader; a stub stands for the model. */
@NullMarked
package io.statehouse.examples;

import org.jspecify.annotations.NullMarked;
