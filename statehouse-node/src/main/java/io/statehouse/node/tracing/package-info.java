/** Which request something was done for, and the export of that to OpenTelemetry where it is wished. */
@NullMarked
package io.statehouse.node.tracing;

import org.jspecify.annotations.NullMarked;
