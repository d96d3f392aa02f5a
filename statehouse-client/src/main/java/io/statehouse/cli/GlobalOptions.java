package io.statehouse.cli;

import io.statehouse.client.Access;
import io.statehouse.client.ClientOptions;
import io.statehouse.client.Read;
import io.statehouse.client.Tls;
import io.statehouse.client.Transport;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command takes, before or behind its name; and the root of the commands. */
@Command(
        name = "statehousectl",
        description = "Talks to a Statehouse cluster.",
        versionProvider = ClientVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  statehousectl put ada plan '{\"step\": 1}'",
            "  statehousectl get ada plan --pretty",
            "  statehousectl replay ada --json",
            "  statehousectl --address node1:50051,node2:50051 cluster status",
            "",
            "Exit codes: 0 done, 1 refused, unreachable or missing, 130 interrupted.",
            "Data goes to stdout, everything else to stderr. Ids that begin with - come behind --."
        })
final class GlobalOptions {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    boolean isHelpWanted;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version of statehousectl itself.")
    boolean isVersionWanted;

    @Option(
            names = "--address",
            paramLabel = "HOST:PORT[,...]",
            scope = ScopeType.INHERIT,
            description = {
                "Where nodes are reached; one is enough, all are better.",
                "Default: $STATEHOUSE_ADDRESS or $STATEHOUSE_ADDR, else localhost:50051."
            })
    String address = "";

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "The namespace to work in. Default: $STATEHOUSE_NAMESPACE, else default.")
    String namespace = "";

    @Option(names = "--tls", scope = ScopeType.INHERIT, description = "Encrypt. Default: $STATEHOUSE_TLS, else no.")
    boolean isTls;

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description =
                    "Encrypt, and believe nodes that these authorities (PEM) vouch for. Default: $STATEHOUSE_TLS_CA.")
    @Nullable
    Path tlsCa;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Encrypt, and show this certificate (PEM). Default: $STATEHOUSE_TLS_CERT.")
    @Nullable
    Path tlsCert;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "The certificate's key (PEM). Default: $STATEHOUSE_TLS_KEY.")
    @Nullable
    Path tlsKey;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description =
                    "Show the token in this file. Default: $STATEHOUSE_TOKEN or $STATEHOUSE_TOKEN_FILE, else none.")
    @Nullable
    Path tokenFile;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            scope = ScopeType.INHERIT,
            description = "How long one call may take, retries included: 10, 2.5s, 500ms. "
                    + "Default: $STATEHOUSE_TIMEOUT (seconds), else 10s.")
    String timeout = "";

    @Option(
            names = "--read",
            paramLabel = "FRESHNESS",
            scope = ScopeType.INHERIT,
            description = {
                "How fresh reads must be: linearizable (sees every acknowledged commit; the default),",
                "at-least:COMMIT_TS (sees at least that commit), local (whatever the node has)."
            })
    String read = "linearizable";

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Answer in JSON: one object, or one object per line where events or entries are listed.")
    boolean isJson;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            description = "Say nothing but data and errors.")
    boolean isQuiet;

    @Option(names = "--no-color", scope = ScopeType.INHERIT, description = "Never color anything. Also: $NO_COLOR.")
    boolean isColorless;

    /** The environment's options, overruled by those that were typed. */
    ClientOptions clientOptions(Map<String, String> environment) {
        // A command ends with its client.
        ClientOptions options = ClientOptions.fromEnvironment(environment).transport(Transport.OWN_THREADS);
        if (!address.isEmpty()) {
            options = options.endpoints(List.of(address));
        }
        if (!namespace.isEmpty()) {
            options = options.namespace(namespace);
        }
        if (!timeout.isEmpty()) {
            options = options.callTimeout(Spoken.duration(timeout, "--timeout"));
        }
        Access access = access(options.access());
        return options.access(tokenFile == null ? access : access.tokenOf(tokenFile));
    }

    private Access access(Access given) {
        Tls before = given.tls();
        if (before == null && !isTls && tlsCa == null && tlsCert == null && tlsKey == null) {
            return given;
        }
        return new Access(
                new Tls(
                        or(tlsCa, before == null ? null : before.authorities()),
                        or(tlsCert, before == null ? null : before.certificate()),
                        or(tlsKey, before == null ? null : before.key())),
                given.token());
    }

    private static @Nullable Path or(@Nullable Path typed, @Nullable Path otherwise) {
        return typed == null ? otherwise : typed;
    }

    Read freshness() {
        return Spoken.read(read);
    }
}
