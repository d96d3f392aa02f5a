package io.statehouse.node.agent;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.Set;

/** The classes of one jar, which sees the JDK and what reducers are made of: not the rest of the node, and no other jar. */
final class ReducerClasses extends URLClassLoader {
    private static final Set<String> SHARED = Set.of("io.statehouse.node.reducer", "io.statehouse.statemachine.json");

    ReducerClasses(URL jar) {
        super("reducer", new URL[] {jar}, new Shared());
    }

    private static final class Shared extends ClassLoader {
        private Shared() {
            super("reducer-shared", ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (!SHARED.contains(name.substring(0, Math.max(0, name.lastIndexOf('.'))))) {
                throw new ClassNotFoundException(name);
            }
            return Class.forName(name, false, ReducerClasses.class.getClassLoader());
        }
    }
}
