package io.statehouse.cluster.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The machine that something is measured on, for the reader of the figures. */
final class Surroundings {
    private Surroundings() {}

    /** By name, in the order they are told. */
    static Map<String, String> describe() {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        Map<String, String> told = new LinkedHashMap<>();
        told.put(
                "machine",
                system.getAvailableProcessors() + " processors, " + system.getName() + " " + system.getVersion());
        told.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
        told.put("load before", load());
        return told;
    }

    /** The load average of the last minute: what else was going on. */
    static String load() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return load < 0 ? "not told" : String.format(Locale.ROOT, "%.2f", load);
    }
}
