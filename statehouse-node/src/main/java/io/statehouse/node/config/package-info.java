/** How a node is told what to be: flags, environment, file and defaults, with one precedence. */
@NullMarked
package io.statehouse.node.config;

import org.jspecify.annotations.NullMarked;
