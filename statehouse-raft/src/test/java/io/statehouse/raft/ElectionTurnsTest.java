package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ElectionTurnsTest {
    private static final long MIN_MS = 1_000;
    private static final long MAX_MS = 1_500;
    private static final List<String> THREE = List.of("n1", "n2", "n3");
    // What a vote takes, with its force to the disk, on a slow day.
    private static final long VOTE_MS = 40;

    @Test
    void theSurvivorsOfALeaderNeverMeet() {
        for (String leader : THREE) {
            List<String> survivors =
                    THREE.stream().filter(voter -> !voter.equals(leader)).toList();
            long first = timeout(survivors.get(0), leader, 1);
            long second = timeout(survivors.get(1), leader, 0);

            assertThat(second - first).as("between the turns after " + leader).isGreaterThan(VOTE_MS);
        }
    }

    // After a candidacy the name of the old leader is forgotten, by one of the two or by both.
    @Test
    void survivorsDoNotMeetWhenOneHasForgottenTheLeader() {
        for (String leader : THREE) {
            List<String> survivors =
                    THREE.stream().filter(voter -> !voter.equals(leader)).toList();
            String one = survivors.get(0);
            String other = survivors.get(1);

            assertThat(timeout(other, leader, 0)).isGreaterThan(timeout(one, "", 1));
            assertThat(timeout(other, "", 0)).isGreaterThan(timeout(one, leader, 1));
            assertThat(timeout(other, "", 0)).isGreaterThan(timeout(one, "", 1));
        }
    }

    @Test
    void everyTimeoutIsWithinTheRange() {
        assertThat(timeout("n1", "", 0)).isGreaterThan(MIN_MS);
        assertThat(timeout("n3", "", 1)).isLessThan(MAX_MS);
        assertThat(timeout("alone", "", List.of("alone"), 1)).isBetween(MIN_MS, MAX_MS);
        // One that is no voter any more, and knows of none.
        assertThat(timeout("n9", "", List.of(), 1)).isBetween(MIN_MS, MAX_MS);
        assertThat(timeout("n9", "n1", THREE, 1)).isBetween(MIN_MS, MAX_MS);
    }

    private static long timeout(String self, String leader, double chance) {
        return timeout(self, leader, THREE, chance);
    }

    private static long timeout(String self, String leader, List<String> voters, double chance) {
        return ElectionTurns.timeoutMs(
                ElectionTurns.rank(self, leader, voters), ElectionTurns.turns(leader, voters), MIN_MS, MAX_MS, chance);
    }
}
