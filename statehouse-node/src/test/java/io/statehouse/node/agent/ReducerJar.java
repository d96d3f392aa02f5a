package io.statehouse.node.agent;

import io.statehouse.node.reducer.SessionReducer;
import io.statehouse.statemachine.json.JsonNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A reducer as an operator ships it: compiled against the interface, in a jar of its own. */
final class ReducerJar {
    private static final String SERVICE = "META-INF/services/" + SessionReducer.class.getName();

    private ReducerJar() {}

    /**
     * Writes a jar whose reducer is the class {@code Own} of no package.
     *
     * @param body the methods initial and apply, and what they need
     */
    static void write(Path jar, String name, String version, String body) throws IOException {
        String source = """
                import io.statehouse.statemachine.json.JsonNode;
                import java.util.concurrent.atomic.AtomicInteger;

                public final class Own implements io.statehouse.node.reducer.SessionReducer {
                    @Override public String name() { return "%s"; }
                    @Override public String version() { return "%s"; }
                    %s
                }
                """.formatted(name, version, body);
        Path classes = Files.createTempDirectory(jar.getParent(), "classes");
        var options = List.of("-d", classes.toString(), "-proc:none", "-classpath", classPath());
        var file = new SimpleJavaFileObject(URI.create("memory:///Own.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        boolean isCompiled = ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, null, options, null, List.of(file))
                .call();
        if (!isCompiled) {
            throw new AssertionError("the reducer does not compile: " + source);
        }
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("Own.class"));
            out.write(Files.readAllBytes(classes.resolve("Own.class")));
            out.putNextEntry(new JarEntry(SERVICE));
            out.write("Own".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    private static String classPath() {
        return place(SessionReducer.class) + File.pathSeparator + place(JsonNode.class);
    }

    private static String place(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
