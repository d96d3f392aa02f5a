/** What a node does for a caller, the same for every transport: authorize, limit, propose or read. */
@NullMarked
package io.statehouse.node.service;

import org.jspecify.annotations.NullMarked;
