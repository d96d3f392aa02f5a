package io.statehouse.node.config;

import io.statehouse.statemachine.FeatureLevel;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Every name a node can be configured by: {@code data.dir} in a file, STATEHOUSE_DATA_DIR, {@code --data-dir}. */
public enum Setting {
    NODE_ID("node.id", Kind.TEXT, "n1", "This node's name in the cluster."),
    MEMBERS("members", Kind.TEXT, "", "All members: n1=RAFT_HOST:PORT/API_HOST:PORT,n2=... Empty = this node alone."),
    INIT("init", Kind.SWITCH, "false", "An empty data directory may become a member of a new cluster."),
    JOIN(
            "join",
            Kind.SWITCH,
            "false",
            "An empty data directory may become a new peer of the running cluster of the members."),
    DATA_DIR("data.dir", Kind.TEXT, "./data", "Directory that belongs to this node alone."),
    ADDR("addr", Kind.TEXT, "127.0.0.1:50051", "Where the gRPC API listens."),
    RAFT_ADDR("raft.addr", Kind.TEXT, "127.0.0.1:50061", "Where members talk to each other."),
    HTTP_ADDR("http.addr", Kind.TEXT, "127.0.0.1:3030", "Where health, metrics and JSON-RPC are served."),
    HTTP_ORIGINS(
            "http.origins",
            Kind.TEXT,
            "",
            "Origins of web pages that may call JSON-RPC, with commas; * = all of them, null = files. Empty = none."),
    HTTP_HOSTS(
            "http.hosts",
            Kind.TEXT,
            "",
            "Names by which JSON-RPC may be called beside addresses and localhost, with commas."),
    AGENT_STRICT(
            "agent.strict",
            Kind.SWITCH,
            "false",
            "A username that is taken is an error, and no status of a session, goal or execution goes back."),
    AGENT_REDUCERS_DIR(
            "agent.reducers.dir",
            Kind.TEXT,
            "",
            "Directory of jars with reducers of event sessions; their code is trusted like the node's. Empty = none."),
    AGENT_REDUCER_TIME_MAX_MS(
            "agent.reducer.time.max.ms", Kind.NUMBER, "5000", "How long one call may run such a reducer."),
    AGENT_SNAPSHOT_EVENTS(
            "agent.snapshot.events",
            Kind.NUMBER,
            "100",
            "What a session came to by such a reducer is kept in memory after each so many events. 0 = never."),
    USE_MEMORY(
            "use.memory",
            Kind.SWITCH,
            "false",
            "Keep everything in memory, without a cluster; nothing survives a stop."),
    FSYNC_ON_COMMIT(
            "fsync.on.commit",
            Kind.SWITCH,
            "true",
            "Known for compatibility; a commit is always on disk at a majority."),
    SNAPSHOT_INTERVAL("snapshot.interval", Kind.NUMBER, "100000", "Log entries between two snapshots."),
    LOG_SEGMENT_BYTES(
            "log.segment.bytes", Kind.NUMBER, "67108864", "The Raft log is purged in whole files of about this size."),
    TX_TIMEOUT_MS("tx.timeout.ms", Kind.NUMBER, "30000", "Life of a staged transaction that names no timeout."),
    TX_TIMEOUT_MAX_MS("tx.timeout.max.ms", Kind.NUMBER, "3600000", "Longest timeout a staged transaction may ask for."),
    STAGED_TRANSACTIONS_MAX(
            "staged.transactions.max", Kind.NUMBER, "10000", "Staged transactions open at once on this node."),
    STAGED_BYTES_MAX("staged.bytes.max", Kind.NUMBER, "67108864", "Bytes of all staged operations on this node."),
    ID_BYTES_MAX("id.bytes.max", Kind.NUMBER, "1024", "Longest namespace, agent or transaction id."),
    KEY_BYTES_MAX("key.bytes.max", Kind.NUMBER, "1024", "Longest key."),
    VALUE_BYTES_MAX("value.bytes.max", Kind.NUMBER, "1048576", "Largest value, as JSON text."),
    JSON_DEPTH_MAX("json.depth.max", Kind.NUMBER, "200", "Deepest nesting of a value."),
    TRANSACTION_OPERATIONS_MAX("transaction.operations.max", Kind.NUMBER, "1000", "Most operations in a transaction."),
    TRANSACTION_BYTES_MAX(
            "transaction.bytes.max", Kind.NUMBER, "4194304", "Bytes of keys and values in a transaction."),
    REQUEST_BYTES_MAX("request.bytes.max", Kind.NUMBER, "8388608", "Largest message the API accepts."),
    RESPONSE_BYTES_MAX("response.bytes.max", Kind.NUMBER, "4194304", "Largest message the API sends."),
    CALLS_MAX("calls.max", Kind.NUMBER, "10000", "API calls under way at once."),
    DISK_RESERVE_BYTES(
            "disk.reserve.bytes",
            Kind.NUMBER,
            "536870912",
            "With less than this free on the data directory's disk, only deletes are taken."),
    CALL_TIMEOUT_MS("call.timeout.ms", Kind.NUMBER, "10000", "How long a call that names no deadline may wait."),
    CALL_TIMEOUT_MAX_MS(
            "call.timeout.max.ms", Kind.NUMBER, "600000", "How long any call may wait, whatever deadline it names."),
    WATCH_STALL_MAX_MS(
            "watch.stall.max.ms", Kind.NUMBER, "60000", "How long the reader of a watch or a backup may take nothing."),
    SHUTDOWN_GRACE_MS(
            "shutdown.grace.ms", Kind.NUMBER, "10000", "How long calls under way may take to finish at a stop."),
    ELECTION_TIMEOUT_MIN_MS(
            "election.timeout.min.ms", Kind.NUMBER, "1000", "Shortest wait for a leader before an election."),
    ELECTION_TIMEOUT_MAX_MS(
            "election.timeout.max.ms", Kind.NUMBER, "1500", "Longest wait for a leader before an election."),
    FEATURE_LEVEL_MAX(
            "feature.level.max",
            Kind.NUMBER,
            Integer.toString(FeatureLevel.LATEST),
            "Highest feature level this node takes part in; lower = it behaves as an earlier release."),
    LOG_FORMAT("log.format", Kind.TEXT, "text", "Log lines as text or json."),
    METRICS_OPEN(
            "metrics.open",
            Kind.SWITCH,
            "false",
            "Serve /metrics without a token where callers must show one, without the names of namespaces."),
    OTEL_ENDPOINT(
            "otel.endpoint",
            Kind.TEXT,
            "",
            "Send a span for each call there (OTLP over HTTP), like http://collector:4318/v1/traces. Empty = nowhere."),
    OTEL_SAMPLE_PERCENT(
            "otel.sample.percent", Kind.NUMBER, "100", "Of the traces that begin here, how many are sent there."),
    GRPC_REFLECTION(
            "grpc.reflection",
            Kind.SWITCH,
            "false",
            "Describe the API to callers that may make a call (gRPC server reflection)."),
    INSECURE("insecure", Kind.SWITCH, "false", "Allow ports to be reachable from other machines without TLS."),
    TLS_CERT("tls.cert", Kind.TEXT, "", "Certificate chain of the API and HTTP, a PEM file. Empty = no TLS there."),
    TLS_KEY("tls.key", Kind.TEXT, "", "Its private key, a PEM file."),
    TLS_CA(
            "tls.ca",
            Kind.TEXT,
            "",
            "Who vouches for callers and for the other nodes' APIs, a PEM file. Empty = those that Java brings."),
    TLS_CLIENT_AUTH(
            "tls.client.auth", Kind.SWITCH, "false", "Callers of the API and HTTP must show a certificate of tls.ca."),
    RAFT_TLS_CERT(
            "raft.tls.cert",
            Kind.TEXT,
            "",
            "Certificate chain between members, a PEM file; names the node as URI:urn:statehouse:node:ID."),
    RAFT_TLS_KEY("raft.tls.key", Kind.TEXT, "", "Its private key, a PEM file."),
    RAFT_TLS_CA("raft.tls.ca", Kind.TEXT, "", "Who vouches for members, a PEM file."),
    AUTH("auth", Kind.SWITCH, "false", "Callers must show a token; without one only health and version are answered."),
    AUTH_BOOTSTRAP(
            "auth.bootstrap",
            Kind.SECRET,
            "",
            "A secret of 32 characters or more that may make and revoke tokens, such as the first one."),
    AUDIT_FILE_BYTES_MAX(
            "audit.file.bytes.max",
            Kind.NUMBER,
            "16777216",
            "Size at which the audit of admitted, and that of denied calls, goes on in a new file (with auth)."),
    AUDIT_FILES_MAX("audit.files.max", Kind.NUMBER, "16", "How many files of each are kept; the oldest goes.");

    private static final String ENV_PREFIX = "STATEHOUSE_";
    private static final String LISTEN_ADDR_KEY = "listen.addr";

    /** What text a setting takes, and whether it may be shown. */
    enum Kind {
        TEXT,
        NUMBER,
        SWITCH,
        SECRET
    }

    private final String key;
    private final Kind kind;
    private final String fallback;
    private final String meaning;

    Setting(String key, Kind kind, String fallback, String meaning) {
        this.key = key;
        this.kind = kind;
        this.fallback = fallback;
        this.meaning = meaning;
    }

    /** Name in a configuration file. */
    public String key() {
        return key;
    }

    /** Name in the environment. */
    public String env() {
        return env(key);
    }

    /** Name on the command line. */
    public String flag() {
        return "--" + key.replace('.', '-');
    }

    String fallback() {
        return fallback;
    }

    String meaning() {
        return meaning;
    }

    boolean isSwitch() {
        return kind == Kind.SWITCH;
    }

    boolean isSecret() {
        return kind == Kind.SECRET;
    }

    /** All file names of the setting, the first one preferred. */
    List<String> keys() {
        return this == ADDR ? List.of(key, LISTEN_ADDR_KEY) : List.of(key);
    }

    /** All environment names of the setting, the first one preferred. */
    List<String> envs() {
        return keys().stream().map(Setting::env).toList();
    }

    static @Nullable Setting ofKey(String name) {
        return Arrays.stream(values())
                .filter(setting -> setting.keys().contains(name))
                .findFirst()
                .orElse(null);
    }

    static Stream<String> allKeys() {
        return Arrays.stream(values()).flatMap(setting -> setting.keys().stream());
    }

    static Stream<String> allEnvs() {
        return Arrays.stream(values()).flatMap(setting -> setting.envs().stream());
    }

    private static String env(String key) {
        return ENV_PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_');
    }
}
