package io.statehouse.cluster.mutant;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import net.bytebuddy.implementation.bind.annotation.AllArguments;
import net.bytebuddy.implementation.bind.annotation.Morph;
import net.bytebuddy.implementation.bind.annotation.RuntimeType;
import net.bytebuddy.implementation.bind.annotation.This;
import org.jspecify.annotations.Nullable;

/** Stands where a changed method stood. Public because the changed class calls it. */
public final class Interceptor {
    private final Change change;
    private final Path witness;
    private final AtomicBoolean hasActed = new AtomicBoolean();

    Interceptor(Change change, Path witness) {
        this.change = change;
        this.witness = witness;
    }

    /** Does what the change says, and says so the first time: a break that nobody meets proves nothing. */
    @RuntimeType
    public @Nullable Object intercept(
            @This(optional = true) @Nullable Object self,
            @AllArguments @Nullable Object[] arguments,
            @Morph Original original)
            throws Throwable {
        if (hasActed.compareAndSet(false, true)) {
            Files.writeString(witness, change.place() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        return change.instead().instead(self, arguments, original);
    }
}
