package io.statehouse.cluster.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;

/** Forbids calls by the name of what is called, for example {@code java.lang.System.nanoTime}. */
final class Calls extends ArchCondition<JavaClass> {
    static final List<String> WALL_CLOCKS = List.of(
            "java.lang.System.currentTimeMillis",
            "java.time.Clock.system",
            "java.time.Clock.tick",
            "java.time.Instant.now",
            "java.time.LocalDate.now",
            "java.time.LocalDateTime.now",
            "java.time.OffsetDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.util.Date.<init>()");
    static final List<String> CHANCE = List.of(
            "java.lang.Math.random",
            "java.util.UUID.randomUUID",
            "java.util.Random.<init>",
            "java.util.SplittableRandom.<init>",
            "java.util.random.RandomGenerator.of",
            "java.util.random.RandomGenerator.getDefault",
            "java.security.SecureRandom.<init>",
            "java.security.SecureRandom.getInstance",
            "java.util.concurrent.ThreadLocalRandom.current",
            "java.util.Collections.shuffle(java.util.List)",
            "java.lang.System.identityHashCode");
    static final List<String> CLOCKS = join(WALL_CLOCKS, List.of("java.lang.System.nanoTime"));
    static final List<String> ENTROPY = join(WALL_CLOCKS, CHANCE);

    /** Where clocks and generators are made and handed down; IdentityCheck draws the one id that names a new cluster. */
    static final List<String> ROOTS = List.of(
            "io.statehouse.node.NodeMain",
            "io.statehouse.node.StatehouseNode",
            "io.statehouse.node.EmbeddedStatehouse",
            "io.statehouse.raft.RatisLog",
            "io.statehouse.raft.SoloLog",
            "io.statehouse.raft.disk.IdentityCheck");

    private final List<String> forbidden;
    private final List<String> exceptIn;

    Calls(String act, List<String> forbidden, List<String> exceptIn) {
        super("not " + act + (exceptIn.isEmpty() ? "" : " outside " + exceptIn));
        this.forbidden = forbidden;
        this.exceptIn = exceptIn;
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        if (exceptIn.stream().anyMatch(type.getName()::startsWith)) {
            return;
        }
        for (var access : type.getAccessesFromSelf()) {
            check(type, access.getTarget().getFullName(), access.getDescription(), events);
        }
        for (var reference : type.getCodeUnitReferencesFromSelf()) {
            check(type, reference.getTarget().getFullName(), reference.getDescription(), events);
        }
    }

    private void check(JavaClass type, String target, String description, ConditionEvents events) {
        if (forbidden.stream().anyMatch(target::startsWith)) {
            events.add(SimpleConditionEvent.violated(type, description));
        }
    }

    private static List<String> join(List<String> some, List<String> more) {
        return java.util.stream.Stream.concat(some.stream(), more.stream()).toList();
    }
}
