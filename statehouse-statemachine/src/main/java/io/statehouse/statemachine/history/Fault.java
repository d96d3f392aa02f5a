package io.statehouse.statemachine.history;

import io.statehouse.statemachine.CommitTs;

/** Something that does not agree, and the commit it was found at. */
record Fault(CommitTs at, String reason) {}
