package io.statehouse.node.config;

import io.statehouse.node.audit.AuditPlace;
import io.statehouse.raft.FirstStart;
import io.statehouse.raft.Member;
import io.statehouse.statemachine.FeatureLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one node is told to be. A configuration that exists is valid.
 *
 * @param members all members of the cluster, this node included
 * @param firstStart what an empty data directory may become
 * @param apiAddress where the gRPC API listens; what others are told is in {@code self}
 * @param isInMemory no cluster and no disk
 * @param areMetricsOpen whether metrics need no token where calls do
 * @param spans where the spans of calls are sent; null = nowhere
 * @param featureLevelMax what commands this node takes part in at most
 * @param warnings what an operator should hear once at start
 * @param shown the text of every setting by its name, secrets masked
 */
public record NodeConfig(
        Member self,
        List<Member> members,
        FirstStart firstStart,
        Path dataDirectory,
        boolean isInMemory,
        Address apiAddress,
        Address httpAddress,
        long snapshotInterval,
        int logSegmentBytes,
        Duration electionTimeoutMin,
        Duration electionTimeoutMax,
        LogFormat logFormat,
        boolean hasReflection,
        boolean areMetricsOpen,
        @Nullable SpanTarget spans,
        int featureLevelMax,
        NodeLimits limits,
        NodeSecurity security,
        NodeAgents agents,
        List<String> warnings,
        Map<String, String> shown) {
    private static final int LOG_SEGMENT_BYTES_MIN = 64 << 10;
    private static final int LOG_SEGMENT_BYTES_MAX = 1 << 30;
    private static final Pattern NODE_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    /** How log lines look. */
    public enum LogFormat {
        TEXT,
        JSON
    }

    public NodeConfig {
        members = List.copyOf(members);
        warnings = List.copyOf(warnings);
        shown = Map.copyOf(shown);
        if (!members.contains(self)) {
            throw new ConfigException("members do not contain this node, " + self.id());
        }
        if (electionTimeoutMin.compareTo(electionTimeoutMax) > 0) {
            throw new ConfigException("election.timeout.min.ms is above election.timeout.max.ms");
        }
        if (isInMemory && members.size() > 1) {
            throw new ConfigException("use.memory is for a single node; members names " + members.size());
        }
    }

    /** Where the audit is kept; null where nothing is on a disk. */
    public @Nullable AuditPlace audit() {
        return isInMemory
                ? null
                : new AuditPlace(
                        dataDirectory.resolve(AuditPlace.DIRECTORY),
                        self.id(),
                        limits.auditFileBytesMax(),
                        limits.auditFilesMax());
    }

    /** Reads and checks all settings. */
    public static NodeConfig from(Settings settings) {
        List<Member> members = members(settings);
        Member self = self(settings, members);
        Address api = listenAddress(settings, Setting.ADDR, members.isEmpty() ? null : self.apiAddress());
        Address http = Address.parse(settings.name(Setting.HTTP_ADDR), settings.text(Setting.HTTP_ADDR));
        NodeSecurity security = NodeSecurity.from(settings);
        boolean isInMemory = settings.isOn(Setting.USE_MEMORY);
        if (!settings.isOn(Setting.INSECURE)) {
            security.requireApiTls(Setting.ADDR, api);
            security.requireApiTls(Setting.HTTP_ADDR, http);
            if (!isInMemory) {
                security.requireRaftTls(Address.parse("the Raft address", self.raftAddress()));
            }
        }
        return new NodeConfig(
                self,
                members.isEmpty() ? List.of(self) : members,
                firstStart(settings),
                Path.of(settings.text(Setting.DATA_DIR)),
                isInMemory,
                api,
                http,
                settings.number(Setting.SNAPSHOT_INTERVAL, 1, Long.MAX_VALUE),
                (int) settings.number(Setting.LOG_SEGMENT_BYTES, LOG_SEGMENT_BYTES_MIN, LOG_SEGMENT_BYTES_MAX),
                NodeLimits.millis(settings, Setting.ELECTION_TIMEOUT_MIN_MS),
                NodeLimits.millis(settings, Setting.ELECTION_TIMEOUT_MAX_MS),
                logFormat(settings),
                settings.isOn(Setting.GRPC_REFLECTION),
                settings.isOn(Setting.METRICS_OPEN),
                SpanTarget.from(settings),
                (int) settings.number(Setting.FEATURE_LEVEL_MAX, FeatureLevel.FIRST, FeatureLevel.LATEST),
                NodeLimits.from(settings),
                security,
                NodeAgents.from(settings),
                warnings(settings),
                settings.shown());
    }

    private static List<Member> members(Settings settings) {
        String text = settings.text(Setting.MEMBERS);
        if (text.isEmpty()) {
            return List.of();
        }
        List<Member> members = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String part : text.split(",", -1)) {
            Member member = member(settings, part.strip());
            for (String unique : List.of(member.id(), member.raftAddress(), member.apiAddress())) {
                if (!seen.add(unique)) {
                    throw new ConfigException(settings.name(Setting.MEMBERS) + " names " + unique + " twice");
                }
            }
            members.add(member);
        }
        members.sort(Comparator.comparing(Member::id));
        return members;
    }

    private static Member member(Settings settings, String text) {
        int equals = text.indexOf('=');
        int slash = text.indexOf('/');
        if (equals <= 0 || slash < equals) {
            throw new ConfigException(
                    settings.name(Setting.MEMBERS) + " holds " + text + ", not ID=RAFT_HOST:PORT/API_HOST:PORT");
        }
        String id = checkedId(settings.name(Setting.MEMBERS), text.substring(0, equals));
        String name = settings.name(Setting.MEMBERS) + " " + id;
        Address raft = Address.parse(name, text.substring(equals + 1, slash));
        Address api = Address.parse(name, text.substring(slash + 1));
        return new Member(id, raft.toString(), api.toString());
    }

    private static Member self(Settings settings, List<Member> members) {
        String id = checkedId(settings.name(Setting.NODE_ID), settings.text(Setting.NODE_ID));
        Address raft = Address.parse(settings.name(Setting.RAFT_ADDR), settings.text(Setting.RAFT_ADDR));
        if (members.isEmpty()) {
            Address api = Address.parse(settings.name(Setting.ADDR), settings.text(Setting.ADDR));
            return new Member(id, raft.toString(), api.toString());
        }
        Member self = members.stream()
                .filter(member -> member.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new ConfigException(
                        settings.name(Setting.NODE_ID) + " is " + id + ", which members does not name"));
        if (!settings.isDefault(Setting.RAFT_ADDR) && !raft.toString().equals(self.raftAddress())) {
            throw new ConfigException(
                    settings.name(Setting.RAFT_ADDR) + " is " + raft + ", but members says " + self.raftAddress());
        }
        return self;
    }

    private static String checkedId(String name, String id) {
        if (!NODE_ID.matcher(id).matches()) {
            throw new ConfigException(name + " is not a node id (letters, digits, . _ -, at most 63): " + id);
        }
        return id;
    }

    private static Address listenAddress(Settings settings, Setting setting, @Nullable String fromMembers) {
        String text = fromMembers == null || !settings.isDefault(setting) ? settings.text(setting) : fromMembers;
        return Address.parse(settings.name(setting), text);
    }

    private static FirstStart firstStart(Settings settings) {
        boolean mayJoin = settings.isOn(Setting.JOIN);
        if (settings.isOn(Setting.INIT)) {
            if (mayJoin) {
                throw new ConfigException(settings.name(Setting.INIT) + " and " + settings.name(Setting.JOIN)
                        + " are both on; a node founds a new cluster or joins a running one");
            }
            return FirstStart.FOUND;
        }
        return mayJoin ? FirstStart.JOIN : FirstStart.REFUSED;
    }

    private static LogFormat logFormat(Settings settings) {
        return switch (settings.text(Setting.LOG_FORMAT)) {
            case "text" -> LogFormat.TEXT;
            case "json" -> LogFormat.JSON;
            default ->
                throw new ConfigException(settings.name(Setting.LOG_FORMAT) + " is neither text nor json: "
                        + settings.text(Setting.LOG_FORMAT));
        };
    }

    private static List<String> warnings(Settings settings) {
        List<String> warnings = new ArrayList<>(settings.warnings());
        if (!settings.isOn(Setting.FSYNC_ON_COMMIT)) {
            warnings.add(
                    settings.name(Setting.FSYNC_ON_COMMIT) + " is off; a commit is on disk at a majority nevertheless");
        }
        return warnings;
    }
}
