/** The pure core: a logged command goes in, events and a reply come out, events alone change state. */
@NullMarked
package io.statehouse.statemachine;

import org.jspecify.annotations.NullMarked;
