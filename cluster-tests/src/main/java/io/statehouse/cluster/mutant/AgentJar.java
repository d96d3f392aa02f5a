package io.statehouse.cluster.mutant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.bytebuddy.ByteBuddy;
import org.jspecify.annotations.NullMarked;

/** A jar with nothing in it but where to find the agent: the classes of this module, and ByteBuddy. */
public final class AgentJar {
    private AgentJar() {}

    /** Writes it, and returns the JVM flag that loads a mutant with it. */
    public static String flag(Path directory, String mutant) {
        Path jar = directory.resolve("mutant-agent.jar").toAbsolutePath();
        var manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.put(new Attributes.Name("Premain-Class"), MutantAgent.class.getName());
        main.put(
                Attributes.Name.CLASS_PATH,
                Stream.of(MutantAgent.class, ByteBuddy.class, NullMarked.class)
                        .map(AgentJar::location)
                        .collect(Collectors.joining(" ")));
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "-javaagent:" + jar + "=" + mutant + "," + witness(directory, mutant);
    }

    /** The file that a break makes when it is met for the first time, wherever it is met. */
    static Path witness(Path directory, String mutant) {
        return directory.resolve(mutant + ".acted").toAbsolutePath();
    }

    private static String location(Class<?> type) {
        try {
            return type.getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI()
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
