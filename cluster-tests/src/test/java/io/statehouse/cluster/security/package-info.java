/** What keeps strangers out, shown on real processes. */
@NullMarked
package io.statehouse.cluster.security;

import org.jspecify.annotations.NullMarked;
