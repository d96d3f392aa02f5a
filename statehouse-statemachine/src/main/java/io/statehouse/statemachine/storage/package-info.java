/** Tables, the atomic unit that writes them, and RocksDB beneath. */
@NullMarked
package io.statehouse.statemachine.storage;

import org.jspecify.annotations.NullMarked;
