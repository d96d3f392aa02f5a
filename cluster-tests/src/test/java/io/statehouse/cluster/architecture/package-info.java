/** The rules of docs/architecture.md, checked on byte code and on sources. */
@NullMarked
package io.statehouse.cluster.architecture;

import org.jspecify.annotations.NullMarked;
