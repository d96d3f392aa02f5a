/** Domain records to stored bytes and back, one codec per stored format. */
@NullMarked
package io.statehouse.statemachine.codec;

import org.jspecify.annotations.NullMarked;
