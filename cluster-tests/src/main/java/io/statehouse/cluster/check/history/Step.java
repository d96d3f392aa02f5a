package io.statehouse.cluster.check.history;

import io.statehouse.statemachine.Key;

/** One step of a transaction over lists. Steps happen in order: a read sees the transaction's own earlier appends. */
public sealed interface Step {
    Key list();

    /** Puts an element at the end of a list; no element is ever appended to the same list twice. */
    record AppendElement(Key list, long element) implements Step {}

    /** Reads a whole list. */
    record ReadList(Key list) implements Step {}
}
