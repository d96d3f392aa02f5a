package io.statehouse.node.shipped;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The names of docs/metrics.md with their types. */
public final class MetricNames {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z_]+)` \\| (counter|gauge|histogram) \\|");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");
    private static final String MAX = "_max";

    private MetricNames() {}

    /** What the page says. */
    public static Map<String, String> documented() {
        Map<String, String> names = new TreeMap<>();
        ROW.matcher(Shipped.read(Shipped.ROOT.resolve("docs/metrics.md")))
                .results()
                .forEach(row -> names.put(row.group(1), row.group(2)));
        return names;
    }

    /** What a node says, as far as the names are its own; a histogram's maximum belongs to the histogram. */
    public static Map<String, String> live(String scrape) {
        Map<String, String> all = new TreeMap<>();
        TYPE.matcher(scrape).results().forEach(line -> all.put(line.group(1), line.group(2)));
        Map<String, String> own = new TreeMap<>();
        all.forEach((name, type) -> {
            boolean isMaximum =
                    name.endsWith(MAX) && "histogram".equals(all.get(name.substring(0, name.length() - MAX.length())));
            if (name.startsWith("statehouse_") && !isMaximum) {
                own.put(name, type);
            }
        });
        return own;
    }
}
