package io.statehouse.node.config;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command line of statehoused: a flag for each {@link Setting}, {@code config print}, and the work of {@link OfflineFlags}. */
public final class Flags {
    private static final String CONFIG = "--config";
    private static final String CONFIG_ENV = "STATEHOUSE_CONFIG";

    private static final List<Setting> ALL = List.of(Setting.values());

    /** What work on a directory has to know of a node. */
    private static final List<Setting> PLACE = List.of(Setting.DATA_DIR, Setting.NODE_ID);

    private final CommandLine commandLine;

    public Flags(String version) {
        CommandSpec main = withSettings(CommandSpec.create().name("statehoused"), ALL);
        main.usageMessage()
                .description(
                        "Runs one node of Statehouse.",
                        "A flag comes before the environment, that before the file, that before the default.")
                .abbreviateSynopsis(true);
        main.version(version);
        main.addOption(OptionSpec.builder("--version")
                .versionHelp(true)
                .description("Prints the version.")
                .build());
        CommandSpec config = withHelp(CommandSpec.create());
        config.usageMessage().description("Everything about the configuration.");
        CommandSpec print = withSettings(CommandSpec.create(), ALL);
        print.usageMessage()
                .description("Prints every setting and where it comes from.")
                .abbreviateSynopsis(true);
        main.addSubcommand("config", config.addSubcommand("print", print));
        main.addSubcommand(OfflineFlags.RESTORE, OfflineFlags.restore(withSettings(CommandSpec.create(), PLACE)));
        main.addSubcommand(OfflineFlags.REBUILD, OfflineFlags.rebuild(withSettings(CommandSpec.create(), PLACE)));
        main.addSubcommand(OfflineFlags.SALVAGE, OfflineFlags.salvage(withSettings(CommandSpec.create(), PLACE)));
        main.addSubcommand(OfflineFlags.REPAIR_LOG, OfflineFlags.repairLog(withSettings(CommandSpec.create(), PLACE)));
        main.addSubcommand(
                OfflineFlags.VERIFY_AUDIT, OfflineFlags.verifyAudit(withSettings(CommandSpec.create(), PLACE)));
        commandLine = new CommandLine(main);
    }

    private static CommandSpec withHelp(CommandSpec spec) {
        return spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Prints this help.")
                .build());
    }

    private static CommandSpec withSettings(CommandSpec spec, List<Setting> settings) {
        withHelp(spec)
                .addOption(OptionSpec.builder(CONFIG)
                        .type(Path.class)
                        .paramLabel("FILE")
                        .description("Settings as key=value lines. (" + CONFIG_ENV + ")")
                        .build());
        for (Setting setting : settings) {
            spec.addOption(OptionSpec.builder(setting.flag())
                    .type(String.class)
                    .arity(setting.isSwitch() ? "0..1" : "1")
                    .fallbackValue("true")
                    .paramLabel(setting.isSwitch() ? "true|false" : "VALUE")
                    .description(setting.meaning() + " (" + String.join(", ", setting.envs()) + ", default: "
                            + setting.fallback() + ")")
                    .build());
        }
        return spec;
    }

    /** What a command line asks for. */
    public sealed interface Wish {
        record Run(Settings settings) implements Wish {}

        record PrintConfig(Settings settings) implements Wish {}

        /** Work on a data directory that no node uses. */
        record Offline(OfflineWish wish) implements Wish {}

        /** Text that answers the command line by itself. */
        record Say(String text) implements Wish {}
    }

    /** Reads a command line; a {@link ConfigException} says what cannot be understood. */
    public Wish parse(String[] arguments, Map<String, String> environment) {
        ParseResult result;
        try {
            result = commandLine.parseArgs(arguments);
        } catch (ParameterException e) {
            throw new ConfigException(e.getMessage() + "; statehoused --help lists what there is");
        }
        if (result.isVersionHelpRequested()) {
            return new Wish.Say(String.join("\n", commandLine.getCommandSpec().version()));
        }
        ParseResult deepest = deepest(result);
        if (deepest.isUsageHelpRequested() || deepest.commandSpec().name().equals("config")) {
            return new Wish.Say(deepest.commandSpec().commandLine().getUsageMessage());
        }
        Settings settings = Settings.resolve(flags(deepest), environment, file(deepest, environment));
        return switch (deepest.commandSpec().name()) {
            case OfflineFlags.RESTORE,
                    OfflineFlags.REBUILD,
                    OfflineFlags.SALVAGE,
                    OfflineFlags.REPAIR_LOG,
                    OfflineFlags.VERIFY_AUDIT -> new Wish.Offline(OfflineFlags.wish(deepest, settings));
            case "print" -> new Wish.PrintConfig(settings);
            default -> new Wish.Run(settings);
        };
    }

    private static ParseResult deepest(ParseResult result) {
        return result.hasSubcommand() ? deepest(result.subcommand()) : result;
    }

    private static @Nullable Path file(ParseResult result, Map<String, String> environment) {
        Path flag = result.matchedOptionValue(CONFIG, null);
        String fromEnvironment = environment.getOrDefault(CONFIG_ENV, "");
        if (flag != null || fromEnvironment.isEmpty()) {
            return flag;
        }
        return Path.of(fromEnvironment);
    }

    private static Map<Setting, String> flags(ParseResult result) {
        Map<Setting, String> flags = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            String text = result.matchedOptionValue(setting.flag(), null);
            if (text != null) {
                flags.put(setting, text.strip());
            }
        }
        return flags;
    }
}
