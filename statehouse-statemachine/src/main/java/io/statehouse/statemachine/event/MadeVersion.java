package io.statehouse.statemachine.event;

import io.statehouse.statemachine.Key;

/** Which version of which key a commit made. */
public record MadeVersion(Key key, long version) {}
