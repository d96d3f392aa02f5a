/** statehousectl: one class per noun over the client. */
@NullMarked
package io.statehouse.cli;

import org.jspecify.annotations.NullMarked;
