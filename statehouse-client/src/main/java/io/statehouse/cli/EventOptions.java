package io.statehouse.cli;

import io.statehouse.client.ReplayQuery;
import io.statehouse.client.WatchQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which events a command shows, and how. */
final class EventOptions {
    @Option(names = "--prefix", paramLabel = "TEXT", description = "Only events with a key that starts so.")
    String prefix = "";

    @Option(
            names = "--kind",
            paramLabel = "any|put|delete|expiry",
            description = "Only events with a put, with a delete, or with a delete because a deadline had come.")
    ReplayQuery.Kind kind = ReplayQuery.Kind.ANY;

    @Option(
            names = "--label",
            paramLabel = "NAME=VALUE",
            description = "Only events that carry this label; may be given several times.")
    List<String> labels = new ArrayList<>();

    @Option(names = "--actor", paramLabel = "NAME", description = "Only events of this actor.")
    String actor = "";

    @Option(
            names = "--verbose",
            description =
                    "Show the transaction and the whole value; with --json also the time, the origin and the reads.")
    boolean isVerbose;

    ReplayQuery narrow(ReplayQuery query) {
        ReplayQuery narrowed = query.keyPrefix(prefix).kind(kind).actor(actor);
        for (Map.Entry<String, String> label : Spoken.labels(labels).entrySet()) {
            narrowed = narrowed.label(label.getKey(), label.getValue());
        }
        return narrowed;
    }

    WatchQuery narrow(WatchQuery query) {
        WatchQuery narrowed = query.keyPrefix(prefix).kind(kind).actor(actor);
        for (Map.Entry<String, String> label : Spoken.labels(labels).entrySet()) {
            narrowed = narrowed.label(label.getKey(), label.getValue());
        }
        return narrowed;
    }
}
