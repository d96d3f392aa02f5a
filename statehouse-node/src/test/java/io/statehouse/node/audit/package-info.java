/** What was administered and what was denied, on the disk, so that a line cannot be changed or taken away unseen. */
@NullMarked
package io.statehouse.node.audit;

import org.jspecify.annotations.NullMarked;
