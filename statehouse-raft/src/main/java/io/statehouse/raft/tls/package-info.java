/** Certificates: read from files, read again when they change, and shown to and asked of other members on the Raft port. */
@NullMarked
package io.statehouse.raft.tls;

import org.jspecify.annotations.NullMarked;
