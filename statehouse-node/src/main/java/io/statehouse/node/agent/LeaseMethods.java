package io.statehouse.node.agent;

import io.statehouse.node.service.Decisions;
import io.statehouse.node.service.ErrorKind;
import io.statehouse.node.service.Refusals;
import io.statehouse.node.service.ServiceException;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Lifetime;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.state.StateView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Leases on any number of resources at once, all or none, first come first served.
 *
 * <p>Whoever has to wait stands in the queues of all its resources by one commit, so everywhere in the same order, and takes
 * them when it stands first in each. A place in a queue ends by log time unless it is renewed: the dead wait for nobody.
 */
final class LeaseMethods {
    /** The most resources of one lease. */
    static final int RESOURCES_MAX = 64;

    /** The longest time until a lease must be renewed. */
    static final Duration TTL_MAX = Duration.ofHours(24);

    /** How long a place in a queue is kept without a sign of life. */
    static final Duration PLACE_TTL = Duration.ofSeconds(10);

    private static final Duration TTL_USUAL = Duration.ofSeconds(30);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(50);

    /** How often who waits shows a sign of life: some may be late or get lost before the place does. */
    private static final Duration SIGN_INTERVAL = PLACE_TTL.dividedBy(5);

    /** Refusals that say so of the step that was refused. */
    private static final Set<ErrorKind> NOT_APPLIED =
            EnumSet.of(ErrorKind.NOT_LEADER, ErrorKind.NOT_READY, ErrorKind.OVERLOADED);

    private static final List<String> ACQUIRE = List.of("resources", "holder", "ttl_ms", "wait_ms", "take_over");

    private LeaseMethods() {}

    static Map<String, Method> all() {
        return Map.of(
                "lease.acquire", new Method(true, ACQUIRE, LeaseMethods::acquire),
                "lease.renew", new Method(true, List.of("fences", "holder", "ttl_ms"), LeaseMethods::renew),
                "lease.release", new Method(true, List.of("fences"), LeaseMethods::release),
                "lease.get", new Method(false, List.of("resource"), LeaseMethods::get));
    }

    /**
     * What is asked for.
     *
     * @param isTakeOver whether it is taken from whoever holds it, who is fenced from then on
     */
    private record Wanted(List<String> resources, String holder, long ttlMillis, boolean isTakeOver) {
        List<JsonNode> answer(List<Long> tokens, long wallMillis) {
            List<JsonNode> leases = new ArrayList<>();
            for (int index = 0; index < resources.size(); index++) {
                leases.add(Doc.empty()
                        .with("resource", resources.get(index))
                        .with("token", tokens.get(index))
                        .with("holder", holder)
                        .with("expires_at", Doc.time(wallMillis + ttlMillis))
                        .toNode());
            }
            return leases;
        }
    }

    private static long ttl(Params params) {
        long ttl = params.whole("ttl_ms", TTL_USUAL.toMillis(), TTL_MAX.toMillis());
        if (ttl == 0) {
            throw Refusals.invalid("ttl_ms", "0; a lease lasts for at least a millisecond");
        }
        return ttl;
    }

    static JsonNode acquire(Ask ask, Params params) {
        List<String> resources = List.copyOf(new LinkedHashSet<>(params.texts("resources")));
        if (resources.isEmpty() || resources.contains("")) {
            throw Refusals.invalid("resources", "none, or one without a name");
        }
        if (resources.size() > RESOURCES_MAX) {
            throw Refusals.limitExceeded("leaseResourcesMax", RESOURCES_MAX, resources.size());
        }
        Wanted wanted = new Wanted(resources, params.name("holder"), ttl(params), params.flag("take_over"));
        long waitMillis = params.whole("wait_ms", 0, TTL_MAX.toMillis());
        JsonNode taken = take(ask, wanted, List.of());
        return taken != null || waitMillis == 0 ? granted(taken) : queue(ask, wanted, waitMillis);
    }

    private static JsonNode granted(@Nullable JsonNode taken) {
        return Doc.empty()
                .with("granted", taken != null)
                .with("leases", taken == null ? Doc.list(List.of()) : taken)
                .toNode();
    }

    /**
     * Takes all resources, or none and returns null.
     *
     * @param places where the caller stands in their queues; empty = nowhere
     */
    private static @Nullable JsonNode take(Ask ask, Wanted wanted, List<Key> places) {
        JsonNode answer = ask.commit(
                view -> decide(ask, wanted, places, view),
                done -> Doc.list(wanted.answer(done.versions(), done.wallMillis())));
        return answer.equals(Doc.NULL) ? null : answer;
    }

    private static Decisions.Step<JsonNode> decide(Ask ask, Wanted wanted, List<Key> places, StateView view) {
        List<Operation> tokens = new ArrayList<>();
        List<Operation> others = new ArrayList<>();
        List<Condition> conditions = new ArrayList<>();
        for (int index = 0; index < wanted.resources.size(); index++) {
            String resource = wanted.resources.get(index);
            Key place = places.isEmpty() ? null : places.get(index);
            if (!wanted.isTakeOver && !isOurTurn(ask, view, resource, place)) {
                return Ask.answer(Doc.NULL);
            }
            Key held = Leases.held(ask, resource);
            Key token = Leases.token(ask, resource);
            Key queue = Leases.queue(ask, resource);
            Doc holder = Doc.empty().with("holder", wanted.holder);
            // Nobody stands before a place that is served, nor in a queue that was found empty.
            long served =
                    wanted.isTakeOver ? served(view, token) : place == null ? versionOf(view, queue) : numberOf(place);
            tokens.add(new Operation.Put(
                    token, Doc.of(holder.toNode()).with("served", served).toJson()));
            others.add(new Operation.Put(held, holder.toJson(), wanted.ttlMillis));
            conditions.add(new Condition.VersionEquals(token, versionOf(view, token)));
            if (!wanted.isTakeOver) {
                conditions.add(new Condition.Absent(held));
            }
            if (place != null) {
                others.add(new Operation.Delete(place));
                conditions.add(new Condition.Exists(place));
            } else if (!wanted.isTakeOver) {
                // Nobody may have come to the queue meanwhile.
                conditions.add(new Condition.VersionEquals(queue, versionOf(view, queue)));
            }
        }
        tokens.addAll(others);
        return Ask.propose(tokens, conditions);
    }

    /** The last place of a resource's queue that nobody has to look at any more. */
    private static long served(StateView view, Key token) {
        Entry entry = view.find(token);
        return entry == null || entry.value() == null
                ? 0
                : Doc.parse(entry.value()).number("served");
    }

    private static long numberOf(Key place) {
        return Long.parseLong(place.name().substring(place.name().lastIndexOf('/') + 1));
    }

    private static long versionOf(StateView view, Key key) {
        Entry entry = view.find(key);
        return entry == null ? 0 : entry.version();
    }

    /** Whether a resource is free and nobody stands before the place, or anywhere where there is no place. */
    private static boolean isOurTurn(Ask ask, StateView view, String resource, @Nullable Key place) {
        Entry held = view.find(Leases.held(ask, resource));
        if (held != null && !held.isTombstone()) {
            return false;
        }
        Key first = Queues.first(view, Leases.queue(ask, resource), served(view, Leases.token(ask, resource)));
        return first == null ? place == null : first.equals(place);
    }

    /** Waits in the queues of all resources until it is our turn in each. */
    private static JsonNode queue(Ask ask, Wanted wanted, long waitMillis) {
        List<Operation> entering = wanted.resources.stream()
                .<Operation>map(resource -> new Operation.Append(
                        Leases.queue(ask, resource),
                        Doc.empty().with("holder", wanted.holder).toJson(),
                        new Lifetime.Lasting(PLACE_TTL.toMillis())))
                .toList();
        List<Long> numbers = ask.step("queue").commitBlind(entering, List.of()).versions();
        List<Key> places = new ArrayList<>();
        for (int index = 0; index < numbers.size(); index++) {
            places.add(Operation.Append.item(Leases.queue(ask, wanted.resources.get(index)), numbers.get(index)));
        }
        try {
            JsonNode taken = serve(ask, wanted, places, ask.endOfWait(waitMillis));
            return granted(taken == null ? leave(ask, wanted, places) : taken);
        } catch (ServiceException e) {
            // A step of this call has been applied: a repetition under its id goes on from there.
            throw NOT_APPLIED.contains(e.kind())
                    ? Refusals.outcomeUnknown("it stands in the queue, and " + e.getMessage())
                    : e;
        }
    }

    /** Leaves the queues; where the places are gone, somebody who repeats this call may have been served. */
    private static @Nullable JsonNode leave(Ask ask, Wanted wanted, List<Key> places) {
        try {
            ask.step("leave")
                    .commitBlind(
                            places.stream()
                                    .<Operation>map(Operation.Delete::new)
                                    .toList(),
                            places.stream()
                                    .<Condition>map(Condition.Exists::new)
                                    .toList());
            return null;
        } catch (ServiceException e) {
            if (e.kind() != ErrorKind.FENCED) {
                throw e;
            }
            return take(ask.step("take"), wanted, places);
        }
    }

    /** Takes the resources when it is our turn; null when that did not come, or a place got lost. */
    private static @Nullable JsonNode serve(Ask ask, Wanted wanted, List<Key> places, long end) {
        long signed = System.nanoTime();
        while (System.nanoTime() - end < 0) {
            // The same id at every look: until it is taken nothing was committed under it, and a repetition finds what
            // was.
            JsonNode taken = take(ask.step("take"), wanted, places);
            if (taken != null) {
                return taken;
            }
            if (System.nanoTime() - signed > SIGN_INTERVAL.toNanos()) {
                signed = System.nanoTime();
                if (!signal(ask.anew(), wanted, places)) {
                    return null;
                }
            }
            Pauses.pause(LOOK_INTERVAL);
        }
        return null;
    }

    /** Keeps the places in the queues; false when one was not renewed in time. */
    private static boolean signal(Ask ask, Wanted wanted, List<Key> places) {
        List<Operation> signs = places.stream()
                .<Operation>map(place -> new Operation.Put(
                        place, Doc.empty().with("holder", wanted.holder).toJson(), PLACE_TTL.toMillis()))
                .toList();
        try {
            ask.commitBlind(
                    signs, places.stream().<Condition>map(Condition.Exists::new).toList());
            return true;
        } catch (ServiceException e) {
            if (e.kind() == ErrorKind.FENCED) {
                return false;
            }
            throw e;
        }
    }

    private static List<Leases.Fence> fences(Params params) {
        List<Leases.Fence> fences = Leases.fences(params, "fences");
        if (fences.isEmpty()) {
            throw Refusals.invalid("fences", "none");
        }
        return fences;
    }

    private static JsonNode renew(Ask ask, Params params) {
        List<Leases.Fence> fences = fences(params);
        Wanted wanted = new Wanted(
                fences.stream().map(Leases.Fence::resource).toList(), params.name("holder"), ttl(params), false);
        List<Operation> operations = fences.stream()
                .<Operation>map(fence -> new Operation.Put(
                        Leases.held(ask, fence.resource()),
                        Doc.empty().with("holder", wanted.holder).toJson(),
                        wanted.ttlMillis))
                .toList();
        Decisions.Done done = ask.commitBlind(operations, Leases.conditions(ask, fences));
        return Doc.list(wanted.answer(fences.stream().map(Leases.Fence::token).toList(), done.wallMillis()));
    }

    private static JsonNode release(Ask ask, Params params) {
        List<Leases.Fence> fences = fences(params);
        List<Operation> operations = fences.stream()
                .<Operation>map(fence -> new Operation.Delete(Leases.held(ask, fence.resource())))
                .toList();
        ask.commitBlind(operations, Leases.conditions(ask, fences));
        return Doc.NULL;
    }

    private static JsonNode get(Ask ask, Params params) {
        String resource = params.name("resource");
        return ask.read(view -> {
            Entry held = view.find(Leases.held(ask, resource));
            Json holder = held == null ? null : held.value();
            return Doc.empty()
                    .with("resource", resource)
                    .with("held", holder != null)
                    .with("holder", holder == null ? null : Doc.parse(holder).text("holder"))
                    .with("token", versionOf(view, Leases.token(ask, resource)))
                    .with("expires_at", held == null || holder == null ? null : Doc.time(held.expiresMillis()))
                    .with(
                            "waiting",
                            Queues.length(view, Leases.queue(ask, resource), served(view, Leases.token(ask, resource))))
                    .toNode();
        });
    }
}
