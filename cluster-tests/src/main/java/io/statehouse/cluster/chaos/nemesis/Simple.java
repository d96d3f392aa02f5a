package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.chaos.scenario.Harm;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A harm made of its parts. */
record Simple(String target, Supplier<@Nullable String> sign, Runnable cure) implements Harm {
    @Override
    public @Nullable String evidence() {
        return sign.get();
    }

    @Override
    public void heal() {
        cure.run();
    }
}
