/** The stores, compared and broken. */
@NullMarked
package io.statehouse.statemachine.storage;

import org.jspecify.annotations.NullMarked;
