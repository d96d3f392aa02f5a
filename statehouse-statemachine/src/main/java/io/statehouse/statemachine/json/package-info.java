/** JSON as a tree: read strictly, compared by meaning, patched and diffed; the same on every replica for ever. */
@NullMarked
package io.statehouse.statemachine.json;

import org.jspecify.annotations.NullMarked;
