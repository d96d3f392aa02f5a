package io.statehouse.cli;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** A list of names: a heading, a line for each and their number; or one JSON object. */
final class NameList {
    private final Session session;
    private final String kind;
    private final Iterable<String> names;

    NameList(Session session, String kind, Iterable<String> names) {
        this.session = session;
        this.kind = kind;
        this.names = names;
    }

    void text(String heading, String ifNone) {
        var output = session.output();
        Iterator<String> each = names.iterator();
        if (!each.hasNext()) {
            output.line(ifNone);
            return;
        }
        output.line(heading);
        long total = 0;
        while (each.hasNext()) {
            output.line("  - " + each.next());
            total++;
        }
        output.line("Total: " + total);
    }

    void json(JsonLine line) {
        List<String> all = new ArrayList<>();
        names.forEach(all::add);
        session.output().line(line.texts(kind, all).number("total", all.size()).toString());
    }
}
