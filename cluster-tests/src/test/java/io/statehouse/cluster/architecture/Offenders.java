package io.statehouse.cluster.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles the sources of classes that break a rule, so that the rule can be seen to bite. */
final class Offenders {
    private Offenders() {}

    /** One class a source; {@code // package …} opens a second source on the same line. */
    static JavaClasses compile(String sources, Path into) {
        var files = new ArrayList<JavaFileObject>();
        for (var source : sources.split("// (?=package )", -1)) {
            files.add(file(source));
        }
        var options = List.of("-d", into.toString(), "-proc:none", "-classpath", System.getProperty("java.class.path"));
        boolean compiled = ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, null, options, null, files)
                .call();

        assertThat(compiled).as("the offender compiles: %s", sources).isTrue();
        return new ClassFileImporter().importPath(into);
    }

    private static JavaFileObject file(String source) {
        var name = source.replaceFirst("(?s).*?class (\\w+).*", "$1");
        return new SimpleJavaFileObject(URI.create("memory:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
    }
}
