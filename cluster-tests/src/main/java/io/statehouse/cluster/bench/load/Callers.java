package io.statehouse.cluster.bench.load;

/** Makes callers. */
public interface Callers {
    /**
     * The caller of a number.
     *
     * @param number counted from 0
     */
    Caller caller(int number) throws Exception;
}
