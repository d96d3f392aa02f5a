/** Who may come in, and what they may do here. */
@NullMarked
package io.statehouse.node.security;

import org.jspecify.annotations.NullMarked;
