/** Real nodes in the JVM of a test, and a client of them. */
@NullMarked
package io.statehouse.junit;

import org.jspecify.annotations.NullMarked;
