package io.statehouse.cluster.chaos.report;

import java.util.Locale;

/** Collects the elements of a drawing. Numbers are pixels from the upper left. */
public final class Svg {
    private final StringBuilder elements = new StringBuilder();

    /** A rectangle with rounded corners; {@code tip} shows when the mouse rests on it. */
    public Svg rect(String style, Box box, String tip) {
        elements.append(String.format(
                Locale.ROOT,
                "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%s\">%s</rect>%n",
                style,
                box.x(),
                box.y(),
                Math.max(box.width(), 1),
                box.height(),
                box.height() > 10 ? "2" : "0",
                tip.isEmpty() ? "" : "<title>" + escaped(tip) + "</title>"));
        return this;
    }

    /** A line. */
    public Svg line(String style, double x1, double y1, double x2, double y2) {
        elements.append(String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n",
                style,
                x1,
                y1,
                x2,
                y2));
        return this;
    }

    /** A path of SVG's own notation; nothing if it is empty. */
    public Svg path(String style, CharSequence data) {
        if (!data.isEmpty()) {
            elements.append(String.format(Locale.ROOT, "<path class=\"%s\" d=\"%s\"/>%n", style, data));
        }
        return this;
    }

    /** A text that begins at a point. */
    public Svg text(String style, double x, double y, String text) {
        return text(style, "start", x, y, text);
    }

    /** A text that begins, is centred or ends at a point: {@code start}, {@code middle}, {@code end}. */
    public Svg text(String style, String anchor, double x, double y, String text) {
        elements.append(String.format(
                Locale.ROOT,
                "<text class=\"%s\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>%n",
                style,
                anchor,
                x,
                y,
                escaped(text)));
        return this;
    }

    /** A rectangle's place and size. */
    public record Box(double x, double y, double width, double height) {}

    /** A text that means itself in HTML. */
    public static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    @Override
    public String toString() {
        return elements.toString();
    }
}
