package io.statehouse.cluster.check;

import io.statehouse.cluster.check.history.History;

/** Judges a history by one promise. Without state: a checker may be used again. */
public interface Checker {
    /** What the settings and the report call it. */
    String name();

    Verdict check(History history);
}
