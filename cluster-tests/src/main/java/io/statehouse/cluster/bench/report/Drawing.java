package io.statehouse.cluster.bench.report;

import static io.statehouse.cluster.chaos.report.Svg.escaped;

import io.statehouse.cluster.chaos.report.Svg;
import java.util.Locale;

/** A plot, as a part of a page or as a file of its own. */
record Drawing(String title, double width, double height, Svg elements) {
    private static final double MARGIN = 16;

    /** With the colours of the page that it becomes a part of. */
    String inPage() {
        return String.format(
                Locale.ROOT,
                "<svg class=\"plot\" role=\"img\" aria-label=\"%s\" viewBox=\"0 0 %.0f %.0f\">%n%s</svg>%n",
                escaped(title),
                width,
                height,
                elements);
    }

    /** With a background and colours of its own, so that it can be read on any page, and by what knows little of CSS. */
    String alone() {
        double fullWidth = width + 2 * MARGIN;
        double fullHeight = height + 2 * MARGIN;
        return String.format(
                Locale.ROOT,
                """
                <svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="%s" width="%.0f" height="%.0f" viewBox="%s %s %.0f %.0f">
                <style>
                %s</style>
                <rect class="paper" x="%s" y="%s" width="%.0f" height="%.0f"/>
                %s</svg>
                """,
                escaped(title),
                fullWidth,
                fullHeight,
                -MARGIN,
                -MARGIN,
                fullWidth,
                fullHeight,
                Style.read("drawing.css"),
                -MARGIN,
                -MARGIN,
                fullWidth,
                fullHeight,
                elements);
    }
}
