package io.statehouse.cluster.mutant;

import static net.bytebuddy.matcher.ElementMatchers.isAbstract;
import static net.bytebuddy.matcher.ElementMatchers.isBridge;
import static net.bytebuddy.matcher.ElementMatchers.isNative;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.not;

import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.implementation.MethodDelegation;
import net.bytebuddy.implementation.bind.annotation.Morph;
import net.bytebuddy.utility.JavaModule;
import org.jspecify.annotations.Nullable;

/** The Java agent that breaks the product while it is loaded: {@code -javaagent:FILE=M4,WITNESS}. The product has no switch. */
public final class MutantAgent {
    private static final int EXIT_CANNOT_CHANGE = 97;

    private MutantAgent() {}

    /** Called by the JVM before the program's main method; the argument is the id of a mutant and its witness. */
    public static void premain(String argument, Instrumentation instrumentation) {
        int comma = argument.indexOf(',');
        Path witness = Path.of(argument.substring(comma + 1));
        for (Change change : Mutation.of(argument.substring(0, comma)).changes()) {
            install(change, witness, instrumentation);
        }
    }

    private static void install(Change change, Path witness, Instrumentation instrumentation) {
        var delegation = MethodDelegation.withDefaultConfiguration()
                .withBinders(Morph.Binder.install(Original.class))
                .to(new Interceptor(change, witness));
        new AgentBuilder.Default()
                .with(new Exit())
                .type(named(change.className()))
                .transform((builder, type, loader, module, domain) -> builder.method(named(change.method())
                                .and(not(isAbstract()))
                                .and(not(isBridge()))
                                .and(not(isNative())))
                        .intercept(delegation))
                .installOn(instrumentation);
    }

    /** A class that could not be changed ends the process: it would pass for a break that nobody noticed. */
    private static final class Exit extends AgentBuilder.Listener.Adapter {
        @Override
        public void onError(
                String typeName,
                @Nullable ClassLoader loader,
                @Nullable JavaModule module,
                boolean isLoaded,
                Throwable failure) {
            System.err.println("cannot change " + typeName + ": " + failure);
            Runtime.getRuntime().halt(EXIT_CANNOT_CHANGE);
        }

        @Override
        public void onTransformation(
                TypeDescription type,
                @Nullable ClassLoader loader,
                @Nullable JavaModule module,
                boolean isLoaded,
                net.bytebuddy.dynamic.DynamicType dynamicType) {
            System.err.println("mutant changed: " + type.getSimpleName());
        }
    }
}
