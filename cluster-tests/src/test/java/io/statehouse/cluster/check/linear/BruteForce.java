package io.statehouse.cluster.check.linear;

import java.util.List;

/** Decides linearizability by trying every order of every choice of the optional operations. */
final class BruteForce {
    private BruteForce() {}

    static <S, O> boolean isLinearizable(Model<S, O> model, List<Timed<O>> history) {
        return goOn(model, history, model.initial(), 0);
    }

    private static <S, O> boolean goOn(Model<S, O> model, List<Timed<O>> history, S state, int placed) {
        boolean isComplete = true;
        for (int index = 0; index < history.size(); index++) {
            isComplete &= isPlaced(placed, index) || !history.get(index).isRequired();
        }
        if (isComplete) {
            return true;
        }
        for (int index = 0; index < history.size(); index++) {
            if (!isPlaced(placed, index) && mayComeNext(history, placed, index)) {
                S after = model.step(state, history.get(index).operation());
                if (after != null && goOn(model, history, after, placed | 1 << index)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Nothing that is left and must happen had returned before this one was called. */
    private static <O> boolean mayComeNext(List<Timed<O>> history, int placed, int candidate) {
        for (int index = 0; index < history.size(); index++) {
            Timed<O> other = history.get(index);
            if (!isPlaced(placed, index)
                    && other.isRequired()
                    && other.returnNanos() < history.get(candidate).callNanos()) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlaced(int placed, int index) {
        return (placed & 1 << index) != 0;
    }
}
