package io.statehouse.node.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The text of every setting with where it came from: a flag before the environment, that before the file, that before the default. */
public final class Settings {
    /** Names that belong to clients and scripts and are none of the node's business. */
    private static final Set<String> FOREIGN_ENVS = Set.of(
            "STATEHOUSE_URL",
            "STATEHOUSE_NAMESPACE",
            "STATEHOUSE_TIMEOUT",
            "STATEHOUSE_TLS",
            "STATEHOUSE_TOKEN",
            "STATEHOUSE_TOKEN_FILE",
            "STATEHOUSE_ADDRESS",
            "STATEHOUSE_CONFIG",
            "STATEHOUSE_HOME",
            "STATEHOUSE_JVM_OPTS",
            "STATEHOUSE_DIST",
            "STATEHOUSE_CLUSTER_DIR",
            "STATEHOUSE_API_PORT",
            "STATEHOUSE_RAFT_PORT",
            "STATEHOUSE_HTTP_PORT",
            "STATEHOUSE_READY_SECONDS");

    private static final int TYPO_DISTANCE_MAX = 2;

    private final Map<Setting, Given> values;
    private final List<String> warnings;

    private Settings(Map<Setting, Given> values, List<String> warnings) {
        this.values = values;
        this.warnings = warnings;
    }

    /** A text and where it was given. */
    private record Given(String text, String origin) {}

    /** Lays flags over the environment over the file over the defaults. */
    public static Settings resolve(Map<Setting, String> flags, Map<String, String> environment, @Nullable Path file) {
        Map<Setting, Given> values = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            values.put(setting, new Given(setting.fallback(), "default"));
        }
        if (file != null) {
            values.putAll(fromFile(file));
        }
        values.putAll(fromEnvironment(environment));
        flags.forEach((setting, text) -> values.put(setting, new Given(text, "flag " + setting.flag())));
        return new Settings(values, unknownEnvs(environment));
    }

    private static Map<Setting, Given> fromFile(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigException("cannot read the configuration file " + file + ": " + e);
        }
        Map<Setting, Given> values = new EnumMap<>(Setting.class);
        for (String key : properties.stringPropertyNames()) {
            Setting setting = Setting.ofKey(key);
            if (setting == null) {
                throw new ConfigException("unknown setting " + key + " in " + file + "; did you mean "
                        + Spelling.nearest(key, Setting.allKeys()) + "?");
            }
            values.put(setting, new Given(properties.getProperty(key).strip(), "file " + file));
        }
        return values;
    }

    private static Map<Setting, Given> fromEnvironment(Map<String, String> environment) {
        Map<Setting, Given> values = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            for (String env : setting.envs()) {
                String text = environment.get(env);
                if (text != null && !values.containsKey(setting)) {
                    values.put(setting, new Given(text.strip(), "env " + env));
                }
            }
        }
        return values;
    }

    /** A near miss is refused; other strange names are only told, because orchestrators inject names like STATEHOUSE_PORT. */
    private static List<String> unknownEnvs(Map<String, String> environment) {
        Set<String> known = Setting.allEnvs().collect(Collectors.toSet());
        List<String> unknown = environment.keySet().stream()
                .filter(name -> name.startsWith("STATEHOUSE_") && !known.contains(name) && !FOREIGN_ENVS.contains(name))
                .sorted()
                .toList();
        for (String name : unknown) {
            String nearest = Spelling.nearest(name, Setting.allEnvs());
            if (Spelling.distance(name, nearest) <= TYPO_DISTANCE_MAX) {
                throw new ConfigException("unknown environment variable " + name + "; did you mean " + nearest + "?");
            }
        }
        return unknown.stream()
                .map(name -> "environment variable " + name + " is not a setting; ignored")
                .toList();
    }

    String text(Setting setting) {
        return given(setting).text();
    }

    boolean isDefault(Setting setting) {
        return given(setting).origin().equals("default");
    }

    private Given given(Setting setting) {
        Given given = values.get(setting);
        if (given == null) {
            throw new IllegalStateException(setting + " has no value");
        }
        return given;
    }

    boolean isOn(Setting setting) {
        return switch (text(setting)) {
            case "1", "true", "yes", "on" -> true;
            case "", "0", "false", "no", "off" -> false;
            default -> throw new ConfigException(name(setting) + " is neither true nor false: " + text(setting));
        };
    }

    long number(Setting setting, long min, long max) {
        long value;
        try {
            value = Long.parseLong(text(setting));
        } catch (NumberFormatException e) {
            throw new ConfigException(name(setting) + " is not a whole number: " + text(setting));
        }
        if (value < min || value > max) {
            throw new ConfigException(name(setting) + " is " + value + ", not between " + min + " and " + max);
        }
        return value;
    }

    String name(Setting setting) {
        return setting.key() + " (" + given(setting).origin() + ")";
    }

    /** What an operator should hear once at start. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** One line per setting: name, text (secrets masked) and origin. */
    public List<String> describe() {
        Map<String, String> lines = new TreeMap<>();
        values.forEach((setting, given) ->
                lines.put(setting.key(), setting.key() + " = " + shown(setting, given) + "  # " + given.origin()));
        return List.copyOf(lines.values());
    }

    /** The text of every setting by its name, secrets masked. */
    Map<String, String> shown() {
        Map<String, String> texts = new TreeMap<>();
        values.forEach((setting, given) -> texts.put(setting.key(), shown(setting, given)));
        return texts;
    }

    private static String shown(Setting setting, Given given) {
        return setting.isSecret() && !given.text().isEmpty() ? "********" : given.text();
    }
}
