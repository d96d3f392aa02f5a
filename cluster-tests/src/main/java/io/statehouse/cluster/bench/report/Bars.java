package io.statehouse.cluster.bench.report;

import io.statehouse.cluster.chaos.report.Svg;
import io.statehouse.cluster.chaos.report.Svg.Box;
import java.util.List;

/** Draws what was measured with one number of callers: a bar for the median, a line from the least to the most of the rounds. */
final class Bars {
    private static final double WIDTH = 620;
    private static final double LEFT = 96;
    private static final double RIGHT = WIDTH - 96;
    private static final double TOP = 30;
    private static final double BAR = 26;
    private static final double SPACE = 12;

    private Bars() {}

    static Drawing draw(String title, List<Figure> figures) {
        var svg = new Svg();
        double most = figures.stream()
                .mapToDouble(figure -> figure.perSecond().max())
                .max()
                .orElse(1);
        svg.text("strong", 0, TOP / 2, title);
        double y = TOP;
        for (Figure figure : figures) {
            bar(svg, figure, y, (RIGHT - LEFT) / most);
            y += BAR + SPACE;
        }
        return new Drawing(title, WIDTH, y, svg);
    }

    private static void bar(Svg svg, Figure figure, double y, double scale) {
        var rate = figure.perSecond();
        String name = figure.contender().word();
        double middle = y + BAR / 2;
        svg.text("", "end", LEFT - 10, middle + 4, name);
        svg.rect("bar-of " + name, new Box(LEFT, y, rate.median() * scale, BAR), Numbers.range(rate));
        svg.line("whisker", LEFT + rate.min() * scale, middle, LEFT + rate.max() * scale, middle);
        svg.text("strong", LEFT + rate.max() * scale + 8, middle + 4, Numbers.of(rate.median()));
    }
}
