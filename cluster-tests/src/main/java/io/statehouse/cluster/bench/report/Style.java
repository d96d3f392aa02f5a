package io.statehouse.cluster.bench.report;

import io.statehouse.cluster.chaos.report.HtmlReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Reads the style sheets that lie beside the reports. */
final class Style {
    private static final String SHEET = "style.css";

    private Style() {}

    /** Of a page with plots. */
    static String ofPage() {
        return read(HtmlReport.class, SHEET) + read(SHEET);
    }

    /** A sheet beside this class. */
    static String read(String name) {
        return read(Style.class, name);
    }

    private static String read(Class<?> beside, String name) {
        try (var in = Objects.requireNonNull(beside.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
