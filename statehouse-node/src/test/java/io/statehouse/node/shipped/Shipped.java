package io.statehouse.node.shipped;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.node.config.Flags;
import io.statehouse.node.config.NodeConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where the shipped files are, and what the daemon makes of the settings in them. */
final class Shipped {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    static final Path FILES = ROOT.resolve("statehouse-node/src/dist");

    private Shipped() {}

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The configuration of a node with this environment; every variable must be one it knows. */
    static NodeConfig config(Map<String, String> environment) {
        assertThat(environment.keySet()).allMatch(name -> name.startsWith("STATEHOUSE_"));
        var wish = new Flags("test").parse(new String[0], environment);
        assertThat(wish).isInstanceOf(Flags.Wish.Run.class);
        var config = NodeConfig.from(((Flags.Wish.Run) wish).settings());
        var known = config.shown().keySet();
        assertThat(environment.keySet())
                .filteredOn(name -> !name.equals("STATEHOUSE_JVM_OPTS"))
                .allMatch(name -> known.contains(name.substring("STATEHOUSE_".length())
                        .toLowerCase(java.util.Locale.ROOT)
                        .replace('_', '.')));
        assertThat(config.warnings()).isEmpty();
        return config;
    }
}
