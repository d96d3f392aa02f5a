/** What three real nodes on this machine must hold, whatever happens to them. */
@NullMarked
package io.statehouse.cluster.cases;

import org.jspecify.annotations.NullMarked;
