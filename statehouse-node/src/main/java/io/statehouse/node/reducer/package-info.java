/** What an operator's own reducers of event sessions implement. */
@NullMarked
package io.statehouse.node.reducer;

import org.jspecify.annotations.NullMarked;
