package io.statehouse.cluster.chaos.verdict;

/**
 * What became of one demand.
 *
 * @param demand what was asked, in a few words
 * @param text what was found
 */
public record Ruling(String demand, Grade grade, String text) {
    /** From good to bad. */
    public enum Grade {
        /** It held. */
        PASS,
        /** The run proves nothing about it: too little traffic, an unseen fault, an undecided checker. */
        INVALID,
        /** A bound on time was broken, which a machine that is busy with something else does too. */
        SLOW,
        /** It was broken. */
        FAIL
    }

    /** It held. */
    public static Ruling pass(String demand, String text) {
        return new Ruling(demand, Grade.PASS, text);
    }

    /** It held, or was broken. */
    public static Ruling of(String demand, boolean holds, String text) {
        return new Ruling(demand, holds ? Grade.PASS : Grade.FAIL, text);
    }

    /** It held, or a bound on time was broken. */
    public static Ruling timely(String demand, boolean holds, String text) {
        return new Ruling(demand, holds ? Grade.PASS : Grade.SLOW, text);
    }

    /** The run proved something, or nothing. */
    public static Ruling valid(String demand, boolean proves, String text) {
        return new Ruling(demand, proves ? Grade.PASS : Grade.INVALID, text);
    }
}
