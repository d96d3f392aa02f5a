/** Who is let in, and to what, shown on a node that runs. */
@NullMarked
package io.statehouse.node.security;

import org.jspecify.annotations.NullMarked;
