/** The cases, by what they attack, and the registry of all of them. */
@NullMarked
package io.statehouse.cluster.chaos.cases;

import org.jspecify.annotations.NullMarked;
