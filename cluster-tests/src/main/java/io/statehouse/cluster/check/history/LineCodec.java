package io.statehouse.cluster.check.history;

import io.statehouse.cluster.check.history.HistoryLine.Called;
import io.statehouse.cluster.check.history.HistoryLine.Mark;
import io.statehouse.cluster.check.history.HistoryLine.ReplayEnded;
import io.statehouse.cluster.check.history.HistoryLine.Replayed;
import io.statehouse.cluster.check.history.HistoryLine.ReplicaSeen;
import io.statehouse.cluster.check.history.HistoryLine.Returned;
import io.statehouse.cluster.check.history.HistoryLine.Setting;
import io.statehouse.cluster.check.history.HistoryLine.WatchDelivered;
import io.statehouse.cluster.check.history.HistoryLine.WatchEnded;
import io.statehouse.cluster.check.history.HistoryLine.WatchOpened;
import io.statehouse.cluster.check.history.HistoryLine.WatchProgressed;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonNode.JsonString;
import io.statehouse.statemachine.json.JsonParser;
import io.statehouse.statemachine.json.JsonSyntaxException;
import io.statehouse.statemachine.json.JsonWriter;
import java.nio.charset.StandardCharsets;

/** Lines of a history as one line of JSON each. */
final class LineCodec {
    private static final int DEPTH_MAX = 8;

    private LineCodec() {}

    /** Without the line's end. */
    static byte[] encode(HistoryLine line) {
        return JsonWriter.text(members(line).toNode()).getBytes(StandardCharsets.UTF_8);
    }

    private static Members members(HistoryLine line) {
        return switch (line) {
            case Called called ->
                Members.of("call")
                        .number("id", called.id())
                        .number("process", called.process())
                        .text("load", called.load().name())
                        .number("at", called.nanos())
                        .put("ask", RequestCodec.encode(called.request()));
            case Returned returned -> returned(returned);
            case Replayed replayed ->
                commit(Members.of("replayed").number("replay", replayed.replay()), replayed.commit());
            case ReplayEnded ended ->
                Members.of("replay-ended")
                        .number("replay", ended.replay())
                        .text("node", ended.node())
                        .number("at", ended.nanos())
                        .commitTs("last", ended.lastTs());
            case ReplicaSeen seen ->
                Members.of("replica")
                        .text("node", seen.node())
                        .commitTs("ts", seen.commitTs())
                        .text("chain", seen.chain())
                        .text("digest", seen.digest());
            case WatchOpened opened -> opened(opened);
            case WatchDelivered delivered ->
                commit(watch("watch-event", delivered.stream(), delivered.nanos()), delivered.commit());
            case WatchProgressed progressed ->
                watch("watch-progress", progressed.stream(), progressed.nanos())
                        .commitTs("ts", progressed.progressTs());
            case WatchEnded ended ->
                watch("watch-ended", ended.stream(), ended.nanos())
                        .text("reason", ended.reason())
                        .commitTs("until", ended.untilTs());
            case Setting setting ->
                Members.of("setting").text("name", setting.name()).text("value", setting.value());
            case Mark mark ->
                Members.of("mark")
                        .number("at", mark.nanos())
                        .text("kind", mark.kind())
                        .list("words", mark.words(), JsonString::new);
        };
    }

    private static Members returned(Returned returned) {
        Members out = Members.of("return")
                .number("id", returned.id())
                .number("at", returned.nanos())
                .text("outcome", returned.outcome().name())
                .text("node", returned.endpoint().node())
                .number("term", returned.endpoint().term());
        Response response = returned.response();
        return response == null ? out : out.put("answer", ResponseCodec.encode(response));
    }

    private static Members opened(WatchOpened opened) {
        return watch("watch", opened.stream(), opened.nanos())
                .text("watcher", opened.watcher())
                .text("node", opened.node())
                .text("ns", opened.scope().namespace())
                .text("agent", opened.scope().agent())
                .text("prefix", opened.scope().keyPrefix())
                .commitTs("start", opened.startTs());
    }

    private static Members watch(String type, long stream, long nanos) {
        return Members.of(type).number("stream", stream).number("at", nanos);
    }

    private static Members commit(Members out, ReplayedCommit commit) {
        return out.commitTs("ts", commit.commitTs())
                .number("wall", commit.wallMillis())
                .txn(commit.txnId())
                .list("events", commit.events(), LineCodec::encode);
    }

    private static JsonNode encode(Event event) {
        Members out = Members.empty().key(event.key()).number("version", event.version());
        return switch (event) {
            case Event.EntryPut put -> out.json("json", put.value()).toNode();
            case Event.EntryDeleted deleted -> out.toNode();
            case Event.EntryErased erased -> throw new IllegalArgumentException("no replay shows " + erased);
        };
    }

    static HistoryLine decode(byte[] line) {
        try {
            return decode(Members.read(JsonParser.parse(line, DEPTH_MAX)));
        } catch (JsonSyntaxException e) {
            throw new HistoryFormatException("not a line of JSON: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new HistoryFormatException("a value out of its range: " + e.getMessage(), e);
        }
    }

    private static HistoryLine decode(Members in) {
        return switch (in.text("t")) {
            case "call" ->
                new Called(
                        in.number("id"),
                        Math.toIntExact(in.number("process")),
                        Load.valueOf(in.text("load")),
                        in.number("at"),
                        RequestCodec.decode(in.node("ask")));
            case "return" -> decodeReturned(in);
            case "replayed" -> new Replayed(in.number("replay"), decodeCommit(in));
            case "replay-ended" ->
                new ReplayEnded(in.number("replay"), in.text("node"), in.number("at"), in.commitTs("last"));
            case "replica" -> new ReplicaSeen(in.text("node"), in.commitTs("ts"), in.text("chain"), in.text("digest"));
            case "watch" -> decodeOpened(in);
            case "watch-event" -> new WatchDelivered(in.number("stream"), in.number("at"), decodeCommit(in));
            case "watch-progress" -> new WatchProgressed(in.number("stream"), in.number("at"), in.commitTs("ts"));
            case "watch-ended" ->
                new WatchEnded(in.number("stream"), in.number("at"), in.text("reason"), in.commitTs("until"));
            case "setting" -> new Setting(in.text("name"), in.text("value"));
            case "mark" -> new Mark(in.number("at"), in.text("kind"), in.list("words", Members::textOf));
            default -> throw new HistoryFormatException("unknown line " + in.text("t"));
        };
    }

    private static Returned decodeReturned(Members in) {
        return new Returned(
                in.number("id"),
                in.number("at"),
                Outcome.valueOf(in.text("outcome")),
                new Endpoint(in.text("node"), in.number("term")),
                in.has("answer") ? ResponseCodec.decode(in.node("answer")) : null);
    }

    private static WatchOpened decodeOpened(Members in) {
        return new WatchOpened(
                in.number("stream"),
                in.text("watcher"),
                in.text("node"),
                in.number("at"),
                new WatchScope(in.text("ns"), in.text("agent"), in.text("prefix")),
                in.commitTs("start"));
    }

    private static ReplayedCommit decodeCommit(Members in) {
        return new ReplayedCommit(
                in.commitTs("ts"), in.number("wall"), in.txn(), in.list("events", LineCodec::decodeEvent));
    }

    private static Event decodeEvent(JsonNode node) {
        Members in = Members.read(node);
        return in.has("json")
                ? new Event.EntryPut(in.key(), in.number("version"), in.json("json"))
                : new Event.EntryDeleted(in.key(), in.number("version"));
    }
}
