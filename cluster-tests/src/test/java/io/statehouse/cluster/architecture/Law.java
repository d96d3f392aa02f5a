package io.statehouse.cluster.architecture;

import com.tngtech.archunit.lang.ArchRule;

/**
 * A rule of the architecture and a class that breaks it, so that the rule is known to bite.
 *
 * @param offender the source of a class that this law must catch
 */
record Law(String claim, ArchRule rule, String offender) {
    @Override
    public String toString() {
        return claim;
    }
}
