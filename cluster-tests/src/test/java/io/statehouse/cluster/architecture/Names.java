package io.statehouse.cluster.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.regex.Pattern;

/** Forbids names that say nothing. */
final class Names extends ArchCondition<JavaClass> {
    private static final Set<String> PACKAGES =
            Set.of("util", "utils", "common", "impl", "base", "model", "manager", "helper", "misc");
    private static final Pattern CLASSES = Pattern.compile(".*(Utils?|Helper|Manager|Impl|Base)");

    Names() {
        super("have names that say what they are");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        for (var part : type.getPackageName().split("\\.", -1)) {
            if (PACKAGES.contains(part)) {
                events.add(SimpleConditionEvent.violated(type, type.getName() + " lives in a package named " + part));
            }
        }
        if (CLASSES.matcher(type.getSimpleName()).matches()) {
            events.add(SimpleConditionEvent.violated(type, type.getName() + " has a name without an idea"));
        }
    }
}
