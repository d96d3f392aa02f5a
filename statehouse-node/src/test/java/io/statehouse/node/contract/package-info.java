/** The published contract as tests that run against any address. */
@NullMarked
package io.statehouse.node.contract;

import org.jspecify.annotations.NullMarked;
