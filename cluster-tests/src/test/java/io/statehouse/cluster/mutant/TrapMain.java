package io.statehouse.cluster.mutant;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs one test in a JVM of its own: {@code CLASS [METHOD]}. Its exit status says how it went. */
final class TrapMain {
    static final int PASSED = 0;
    static final int FAILED = 1;
    static final int SKIPPED = 3;
    static final String FAILURE = "trap failed: ";

    private TrapMain() {}

    public static void main(String[] args) {
        var listener = new SummaryGeneratingListener();
        var selector = args.length > 1 && !args[1].isEmpty()
                ? DiscoverySelectors.selectMethod(args[0], args[1])
                : DiscoverySelectors.selectClass(args[0]);
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selector)
                                .build(),
                        listener);
        var summary = listener.getSummary();
        summary.printFailuresTo(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        summary.getFailures()
                .forEach(failure -> System.out.println(FAILURE
                        + failure.getTestIdentifier().getDisplayName() + ": "
                        + String.valueOf(failure.getException()).replaceAll("\\s+", " ")));
        // Threads of a cluster that was left behind must not keep this process.
        Runtime.getRuntime().halt(status(summary.getTotalFailureCount(), summary.getTestsSucceededCount()));
    }

    private static int status(long failures, long successes) {
        if (failures > 0) {
            return FAILED;
        }
        return successes > 0 ? PASSED : SKIPPED;
    }
}
