package io.statehouse.cluster.bench.load;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Reads whose processor time a stretch of time was, from {@code /proc}. */
public final class CpuClock {
    // What Linux counts in, on every architecture.
    private static final double TICKS_PER_SECOND = 100;
    private static final int CHILD_USER = 13;
    private static final int CHILD_SYSTEM = 14;
    private static final int IDLE = 3;
    private static final int WAITING = 4;
    private static final int STEAL = 7;

    private final long nanos = System.nanoTime();
    private final double driver = driverSeconds();
    private final double machine = machineSeconds();

    /** Since this was made. */
    public CpuShare elapsed() {
        double capacity =
                (System.nanoTime() - nanos) / 1e9 * Runtime.getRuntime().availableProcessors();
        return new CpuShare((driverSeconds() - driver) / capacity, (machineSeconds() - machine) / capacity);
    }

    private static double driverSeconds() {
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return system.getProcessCpuTime() / 1e9 + childSeconds();
    }

    // Of children that have ended and were waited for.
    private static double childSeconds() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            List<String> words = words(stat.substring(stat.lastIndexOf(')') + 1));
            return (Long.parseLong(words.get(CHILD_USER)) + Long.parseLong(words.get(CHILD_SYSTEM))) / TICKS_PER_SECOND;
        } catch (IOException e) {
            return 0;
        }
    }

    private static double machineSeconds() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
            List<String> words = words(lines.findFirst().orElseThrow().substring("cpu".length()));
            long busy = 0;
            for (int i = 0; i <= STEAL; i++) {
                busy += i == IDLE || i == WAITING ? 0 : Long.parseLong(words.get(i));
            }
            return busy / TICKS_PER_SECOND;
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    private static List<String> words(String line) {
        return List.of(line.strip().split(" +", -1));
    }
}
