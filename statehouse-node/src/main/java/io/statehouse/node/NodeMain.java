package io.statehouse.node;

import io.statehouse.node.config.ConfigException;
import io.statehouse.node.config.Flags;
import io.statehouse.node.config.NodeConfig;
import io.statehouse.node.config.OfflineWish;
import io.statehouse.node.config.Settings;
import io.statehouse.raft.ExitCode;
import io.statehouse.raft.Halt;
import io.statehouse.raft.StartRefusedException;
import java.io.PrintStream;
import java.net.BindException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The process statehoused: reads its configuration, runs one node until it is told to stop, and ends with a code that says why. */
public final class NodeMain {
    private final PrintStream out;
    private final PrintStream err;

    NodeMain(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    public static void main(String[] arguments) {
        NodeMain main = new NodeMain(System.out, System.err);
        ExitCode code = main.run(arguments, System.getenv());
        if (code != ExitCode.OK) {
            main.out.flush();
            main.err.flush();
            // Threads of a node that started halfway would keep the process alive.
            Halt.ofRefusedStart(code);
        }
    }

    ExitCode run(String[] arguments, Map<String, String> environment) {
        BuildInfo build = BuildInfo.read();
        try {
            return switch (new Flags("statehoused " + build.version()).parse(arguments, environment)) {
                case Flags.Wish.Say say -> print(say.text());
                case Flags.Wish.PrintConfig config -> printConfig(config.settings());
                case Flags.Wish.Offline offline -> workOffline(offline.wish());
                case Flags.Wish.Run run -> serve(NodeConfig.from(run.settings()), build);
            };
        } catch (ConfigException e) {
            err.println("statehoused: " + e.getMessage());
            return ExitCode.BAD_CONFIGURATION;
        }
    }

    private ExitCode printConfig(Settings settings) {
        print(String.join("\n", settings.describe()));
        NodeConfig.from(settings);
        return ExitCode.OK;
    }

    private ExitCode print(String text) {
        out.println(text.stripTrailing());
        return ExitCode.OK;
    }

    private ExitCode workOffline(OfflineWish wish) {
        startLogging(NodeConfig.LogFormat.TEXT);
        try {
            return new OfflineWork(out).run(wish);
        } catch (StartRefusedException e) {
            err.println("statehoused: " + e.getMessage());
            return e.exitCode();
        }
    }

    private static ExitCode serve(NodeConfig config, BuildInfo build) {
        Logger log = startLogging(config.logFormat());
        log.info(
                "statehoused starts version={} git_sha={} node={}",
                build.version(),
                build.gitSha(),
                config.self().id());
        try {
            StatehouseNode node = StatehouseNode.of(config, build);
            node.start();
            awaitSignal(node);
            return ExitCode.OK;
        } catch (StartRefusedException e) {
            log.error(
                    "cannot start: {} exit={} code={}",
                    e.getMessage(),
                    e.exitCode(),
                    e.exitCode().number(),
                    e.getCause());
            return e.exitCode();
        } catch (Exception e) {
            if (isPortTaken(e)) {
                ExitCode code = ExitCode.ALREADY_RUNNING;
                log.error("cannot start: {}, it is in use exit={} code={}", e.getMessage(), code, code.number());
                return code;
            }
            ExitCode code = ExitCode.STORAGE_FAILED;
            log.error("cannot start exit={} code={}", code, code.number(), e);
            return code;
        }
    }

    /** The format must be known before the first logger is made. */
    private static Logger startLogging(NodeConfig.LogFormat format) {
        String file = switch (format) {
            case TEXT -> "io/statehouse/node/logback-text.xml";
            case JSON -> "io/statehouse/node/logback-json.xml";
        };
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", file);
        }
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        return LoggerFactory.getLogger(NodeMain.class);
    }

    private static void awaitSignal(StatehouseNode node) throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("statehouse-shutdown").unstarted(() -> {
                    try {
                        node.close();
                    } finally {
                        stopped.countDown();
                    }
                }));
        stopped.await();
    }

    private static boolean isPortTaken(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return true;
            }
        }
        return false;
    }
}
