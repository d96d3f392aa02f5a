package io.statehouse.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.util.TimeDuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vote that a member has given away must still be known after the power was cut; Ratis's own stream forgets it. */
class VoteAfterPowerCutTest {
    private static final int MEGABYTES = 64;
    private static final int CUTS = 5;
    private static final long DEADLINE_SECONDS = 30;
    private static final String BEFORE = "term=1";
    private static final String AFTER = "term=2";

    @TempDir
    Path parent;

    @Test
    void aVoteThatWasWrittenIsThereAfterEveryPowerCut() throws Exception {
        assumeTrue(LoopDisk.obstacle().isEmpty(), LoopDisk.obstacle());

        assertThat(votesForgotten(System.getProperty("java.class.path"))).isZero();
    }

    @Test
    void ratissOwnStreamForgetsVotesInPowerCuts() throws Exception {
        assumeTrue(LoopDisk.obstacle().isEmpty(), LoopDisk.obstacle());
        String ratis = Path.of(TimeDuration.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();

        assertThat(votesForgotten(ratis + File.pathSeparator + System.getProperty("java.class.path")))
                .isPositive();
    }

    private int votesForgotten(String classPath) throws Exception {
        int forgotten = 0;
        for (int cut = 0; cut < CUTS; cut++) {
            try (LoopDisk disk = LoopDisk.make(parent, "disk", MEGABYTES)) {
                Path vote = disk.directory().resolve("raft-meta");
                Files.writeString(vote, BEFORE);
                Shell.run("sync", "-f", vote.toString());
                writeAndCut(disk, vote, classPath);
                disk.powerOn();
                if (!Files.readString(vote).equals(AFTER)) {
                    forgotten++;
                }
            }
        }
        System.out.println("votes forgotten " + forgotten + " of " + CUTS);
        return forgotten;
    }

    private static void writeAndCut(LoopDisk disk, Path vote, String classPath)
            throws IOException, InterruptedException {
        String java = ProcessHandle.current().info().command().orElse("java");
        Process writer = new ProcessBuilder(java, "-cp", classPath, VoteWriter.class.getName(), vote.toString(), AFTER)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = writer.inputReader()) {
            String line = lines.readLine();
            while (line != null && !line.equals(VoteWriter.WRITTEN)) {
                line = lines.readLine();
            }
            assertThat(line).isEqualTo(VoteWriter.WRITTEN);
            disk.cutPower();
        } finally {
            writer.toHandle().destroyForcibly();
            writer.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
