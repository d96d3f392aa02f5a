package io.statehouse.raft;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code _exit} of POSIX: ends the process at once, without the exit handlers of native libraries, which can hang.
 *
 * <p>Reached through {@code java.lang.foreign}, which Java has for good since 22 and which code that also runs on 21 finds by
 * name.
 */
final class ImmediateExit {
    private static final Logger LOG = LoggerFactory.getLogger(ImmediateExit.class);

    private static final int JAVA_MIN = 22;
    private static final @Nullable MethodHandle EXIT = find();

    private ImmediateExit() {}

    /** Whether this Java and this system have it. */
    static boolean isAvailable() {
        return EXIT != null;
    }

    /** Ends the process with this status; returns where {@link #isAvailable} does not hold. */
    static void now(int status) {
        if (EXIT == null) {
            return;
        }
        try {
            EXIT.invoke(status);
        } catch (Throwable e) {
            LOG.error("the process could not be ended at once", e);
        }
    }

    private static @Nullable MethodHandle find() {
        if (Runtime.version().feature() < JAVA_MIN) {
            return null;
        }
        try {
            Class<?> linkerType = foreign("Linker");
            Class<?> segmentType = foreign("MemorySegment");
            Class<?> descriptorType = foreign("FunctionDescriptor");
            Object linker = linkerType.getMethod("nativeLinker").invoke(null);
            Object lookup = linkerType.getMethod("defaultLookup").invoke(linker);
            var address = (Optional<?>)
                    foreign("SymbolLookup").getMethod("find", String.class).invoke(lookup, "_exit");
            Object layouts = Array.newInstance(foreign("MemoryLayout"), 1);
            Array.set(layouts, 0, foreign("ValueLayout").getField("JAVA_INT").get(null));
            Object descriptor =
                    descriptorType.getMethod("ofVoid", layouts.getClass()).invoke(null, layouts);
            Object options = Array.newInstance(foreign("Linker$Option"), 0);
            var handle = (MethodHandle) linkerType
                    .getMethod("downcallHandle", segmentType, descriptorType, options.getClass())
                    .invoke(linker, address.orElseThrow(), descriptor, options);
            return handle.asType(MethodType.methodType(void.class, int.class));
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warn("the process cannot be ended at once; it will be halted, and killed should that hang", e);
            return null;
        }
    }

    private static Class<?> foreign(String name) throws ClassNotFoundException {
        return Class.forName("java.lang.foreign." + name);
    }
}
