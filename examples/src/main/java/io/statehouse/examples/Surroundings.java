package io.statehouse.examples;

import io.statehouse.client.ClientOptions;
import io.statehouse.client.StatehouseClient;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What an example is given from outside: the cluster, how slow the world is, and somebody who reads what it says. */
final class Surroundings {
    /** Long enough for an election, with room to spare. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String PAUSE = "EXAMPLES_PAUSE_MS";
    private static final long PAUSE_USUAL_MILLIS = 200;

    private Surroundings() {}

    /** The cluster of {@code $STATEHOUSE_ADDRESS}. */
    static StatehouseClient connect() {
        return StatehouseClient.connect(
                ClientOptions.fromEnvironment(System.getenv()).callTimeout(PATIENCE));
    }

    /** As long as a model, or a mail server, takes to answer; {@code $EXAMPLES_PAUSE_MS}. */
    static void pause() {
        String given = System.getenv(PAUSE);
        long millis = given == null ? PAUSE_USUAL_MILLIS : Long.parseLong(given);
        try {
            boolean unused = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
