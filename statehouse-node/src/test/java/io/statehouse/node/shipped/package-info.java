/** What is shipped beside the programs agrees with them. */
@NullMarked
package io.statehouse.node.shipped;

import org.jspecify.annotations.NullMarked;
