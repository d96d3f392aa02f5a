package io.statehouse.client;

/**
 * What the events of a session come to: a pure function of what those before came to and the next one.
 *
 * <p>Pure means: the same two give the same result whenever and wherever they are asked, and neither of them is changed. Then a
 * result and the number of its last event stand for all events until there, and can be gone on from at any time.
 *
 * @param <S> what they come to; unchangeable, best a record
 */
public interface Reducer<S> {
    /** What a session without events comes to. */
    S initial();

    /** What the events come to with one more. */
    S apply(S state, SessionEvent event);
}
