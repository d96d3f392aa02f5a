package io.statehouse.raft.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.statehouse.raft.ExitCode;
import io.statehouse.raft.FirstStart;
import io.statehouse.raft.Member;
import io.statehouse.raft.RaftOptions;
import io.statehouse.raft.StartRefusedException;
import io.statehouse.raft.disk.IdentityLink.FormingPort;
import io.statehouse.raft.tls.MemberTls;
import io.statehouse.statemachine.LogPosition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three founders that meet over real sockets. */
class FormingTest {
    private static final long DEADLINE_SECONDS = 60;
    private static final int QUESTIONS_AT_LEAST = 2;
    private static final int DEATHS_MAX = 8;

    @TempDir
    Path work;

    private final ExecutorService founders = Executors.newCachedThreadPool();
    private final List<AutoCloseable> running = new ArrayList<>();
    private List<Member> members;

    @BeforeEach
    void chooseAddresses() throws IOException {
        members = addresses();
    }

    @AfterEach
    void stop() throws Exception {
        founders.shutdownNow();
        for (AutoCloseable each : running) {
            each.close();
        }
    }

    private static List<Member> addresses() throws IOException {
        List<Member> members = new ArrayList<>();
        for (String id : List.of("n1", "n2", "n3")) {
            members.add(new Member(id, "127.0.0.1:" + RatisMember.freePort(), "127.0.0.1:0"));
        }
        return members;
    }

    private NodeIdentity open(Member self, List<Member> all, IdentityProbe probe) {
        return open(RaftOptions.of(self, all, dataOf(self), FirstStart.FOUND), probe);
    }

    private NodeIdentity join(Member self) {
        return open(RaftOptions.of(self, members, dataOf(self), FirstStart.JOIN), new IdentityLink(MemberTls.NONE));
    }

    private static NodeIdentity open(RaftOptions options, IdentityProbe probe) {
        try (DiskGuard guard =
                DiskGuard.open(options, RatisMember.failing(), probe, RatisMember.NO_FREE_BYTES_NEEDED)) {
            return guard.identity();
        }
    }

    private Path dataOf(Member member) {
        return work.resolve(member.id());
    }

    /** Forms, and answers afterwards as a running node does. */
    private Future<NodeIdentity> start(Member self, IdentityProbe probe) {
        return founders.submit(() -> {
            NodeIdentity identity = open(self, members, probe);
            serve(self, identity);
            return identity;
        });
    }

    private Future<NodeIdentity> start(Member self) {
        return start(self, new IdentityLink(MemberTls.NONE));
    }

    private void serve(Member self, NodeIdentity identity) {
        serve(self, identity, Set.of());
    }

    private void serve(Member self, NodeIdentity identity, Set<String> expected) {
        FormingPort port = FormingPort.open(self, MemberTls.NONE, () -> IdentityText.encode(identity, expected));
        synchronized (running) {
            running.add(port);
        }
    }

    private static NodeIdentity get(Future<NodeIdentity> started) throws Exception {
        return started.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private List<NodeIdentity> formAll() throws Exception {
        List<Future<NodeIdentity>> started = members.stream().map(this::start).toList();
        List<NodeIdentity> identities = new ArrayList<>();
        for (Future<NodeIdentity> each : started) {
            identities.add(get(each));
        }
        return identities;
    }

    private static void requireOneCluster(List<NodeIdentity> identities) {
        assertThat(identities).extracting(NodeIdentity::clusterId).doesNotContainNull();
        assertThat(Set.copyOf(identities.stream().map(NodeIdentity::clusterId).toList()))
                .hasSize(1);
        assertThat(identities).allMatch(each -> each.state() == NodeIdentity.State.MEMBER);
    }

    @Test
    void foundersThatMeetAgreeOnOneCluster() throws Exception {
        List<NodeIdentity> identities = formAll();

        requireOneCluster(identities);
        assertThat(identities.get(0).founders()).containsOnlyKeys("n1", "n2", "n3");
    }

    @Test
    void aFounderWaitsForTheLastOneAndNothingIsFormedBefore() throws Exception {
        Future<NodeIdentity> first = start(members.get(0));
        Future<NodeIdentity> second = start(members.get(1));

        assertThatThrownBy(() -> first.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
        assertThat(Files.readString(dataOf(members.get(0)).resolve("identity"))).contains("state FORMING");

        requireOneCluster(List.of(get(start(members.get(2))), get(first), get(second)));
    }

    @Test
    void aFounderThatDiesAtAnyQuestionComesBackAsItself() throws Exception {
        int deaths = 0;
        while (deaths < DEATHS_MAX && formsWithADeathAfter(deaths)) {
            deaths++;
        }

        assertThat(deaths).isGreaterThanOrEqualTo(QUESTIONS_AT_LEAST);
    }

    /** False when the founder had formed before it came to that question. */
    private boolean formsWithADeathAfter(int questions) throws Exception {
        Future<NodeIdentity> second = start(members.get(1));
        Future<NodeIdentity> third = start(members.get(2));
        Future<NodeIdentity> dying = start(members.get(0), dyingAfter(questions));
        boolean died = diesOrForms(dying);
        String before = Files.readString(dataOf(members.get(0)).resolve("identity"));

        NodeIdentity first = get(died ? start(members.get(0)) : dying);

        requireOneCluster(List.of(first, get(second), get(third)));
        assertThat(before).contains("incarnation " + first.incarnation());
        stopAllAndForget();
        return died;
    }

    private static boolean diesOrForms(Future<NodeIdentity> dying) throws Exception {
        try {
            get(dying);
            return false;
        } catch (ExecutionException e) {
            assertThat(e).hasRootCauseMessage("died");
            return true;
        }
    }

    private void stopAllAndForget() throws Exception {
        for (AutoCloseable each : running) {
            each.close();
        }
        running.clear();
        members.forEach(member -> delete(dataOf(member)));
        members = addresses();
    }

    private static IdentityProbe dyingAfter(int questions) {
        AtomicInteger left = new AtomicInteger(questions);
        IdentityLink link = new IdentityLink(MemberTls.NONE);
        return peer -> {
            if (left.getAndDecrement() == 0) {
                throw new IllegalStateException("died");
            }
            return link.ask(peer);
        };
    }

    private static void delete(Path directory) {
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aMemberThatComesBackWithAnEmptyDiskIsRefused() throws Exception {
        formAll();
        Member wiped = wipeTheLast();

        requireRefused(wiped, members, ExitCode.IDENTITY_REFUSED, "statehousectl cluster replace n3");
        requireRefused(wiped, members, ExitCode.IDENTITY_REFUSED, "n3 as incarnation");
    }

    @Test
    void whatARefusedFoundingLeftJoinsWhenItIsTold() throws Exception {
        List<NodeIdentity> identities = formAll();
        Member wiped = wipeTheLast();
        requireRefused(wiped, members, ExitCode.IDENTITY_REFUSED, "start it with --join");

        NodeIdentity joined = join(wiped);

        assertThat(joined.state()).isEqualTo(NodeIdentity.State.MEMBER);
        assertThat(joined.clusterId()).isEqualTo(identities.get(2).clusterId());
        assertThat(joined.isFounder()).isFalse();
        assertThat(join(wiped)).isEqualTo(joined);
    }

    @Test
    void aFounderThatTheOthersKnowStaysOneWhenItIsToldToJoin() throws Exception {
        List<NodeIdentity> identities = formAll();
        Member late = wipeTheLast();
        NodeIdentity itself = NodeIdentity.fresh(late.id(), identities.get(2).incarnation());
        write(late, itself);

        assertThat(join(late)).isEqualTo(identities.get(2));
    }

    @Test
    void whatWasRestoredFromABackupDoesNotJoin() throws Exception {
        formAll();
        Member restored = wipeTheLast();
        NodeIdentity seeded = NodeIdentity.fresh(restored.id(), UUID.randomUUID())
                .with(new Seed("ab".repeat(32), new LogPosition(1, 1)));
        write(restored, seeded);

        assertThatThrownBy(() -> join(restored)).isInstanceOf(StartRefusedException.class);
        assertThat(new IdentityCheck(dataOf(restored), restored.id()).read(work.resolve("none")))
                .isEqualTo(seeded);
    }

    private Member wipeTheLast() throws Exception {
        Member last = members.get(2);
        running.get(portOf(last)).close();
        delete(dataOf(last));
        return last;
    }

    private void write(Member member, NodeIdentity identity) throws IOException {
        Files.createDirectories(dataOf(member));
        new IdentityCheck(dataOf(member), member.id()).write(identity);
    }

    private int portOf(Member member) {
        for (int i = 0; i < running.size(); i++) {
            if (member.raftAddress().endsWith(":" + ((FormingPort) running.get(i)).number())) {
                return i;
            }
        }
        throw new AssertionError(member + " does not run");
    }

    private void requireRefused(Member self, List<Member> all, ExitCode code, String fact) {
        assertThatThrownBy(() -> open(self, all, new IdentityLink(MemberTls.NONE)))
                .isInstanceOfSatisfying(StartRefusedException.class, refusal -> {
                    assertThat(refusal.exitCode()).isEqualTo(code);
                    assertThat(refusal).hasMessageContaining(fact);
                });
    }

    @Test
    void aFounderThatDiedBeforeItRecordedTheClusterTakesItFromItsPeers() throws Exception {
        List<NodeIdentity> identities = formAll();
        Member late = wipeTheLast();
        write(late, NodeIdentity.fresh(late.id(), identities.get(2).incarnation()));

        assertThat(open(late, members, new IdentityLink(MemberTls.NONE))).isEqualTo(identities.get(2));
    }

    @Test
    void aStrangerIsSentToTheDoorOfMembershipChanges() throws Exception {
        formAll();
        Member stranger = new Member("n4", "127.0.0.1:" + RatisMember.freePort(), "127.0.0.1:0");
        List<Member> all = new ArrayList<>(members);
        all.add(stranger);

        requireRefused(stranger, all, ExitCode.IDENTITY_REFUSED, "statehousectl cluster add n4");
    }

    @Test
    void foundersWithDifferentMembersAreRefused() {
        serve(members.get(0), NodeIdentity.fresh("n1", UUID.randomUUID()), Set.of("n1", "n2", "n3"));

        requireRefused(
                members.get(1), members.subList(0, 2), ExitCode.BAD_CONFIGURATION, "the same STATEHOUSE_MEMBERS");
    }

    @Test
    void anAddressAnsweredByAnotherNodeIsRefused() throws Exception {
        NodeIdentity other = NodeIdentity.fresh("other", UUID.randomUUID());
        serve(members.get(1), other);

        requireRefused(members.get(0), members, ExitCode.BAD_CONFIGURATION, "answered by other");
    }

    @Test
    void aTakenRaftPortIsRefused() {
        serve(members.get(0), NodeIdentity.fresh("n1", UUID.randomUUID()));

        requireRefused(members.get(0), members, ExitCode.ALREADY_RUNNING, "cannot listen on the Raft address");
    }

    @Test
    void aFounderToldToStopGivesItsDirectoryFree() throws Exception {
        Thread forming = new Thread(() -> assertThatThrownBy(
                        () -> open(members.get(0), members, new IdentityLink(MemberTls.NONE)))
                .hasMessageContaining("told to stop"));
        forming.start();
        await().until(() -> Files.exists(dataOf(members.get(0)).resolve("identity")));

        forming.interrupt();

        forming.join(TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
        assertThat(forming.isAlive()).isFalse();
        try (DirectoryLock lock = DirectoryLock.take(dataOf(members.get(0)))) {
            assertThat(lock).isNotNull();
        }
    }

    @Test
    void theClusterDependsOnEveryIncarnation() {
        TreeMap<String, UUID> founders = new TreeMap<>();
        founders.put("n1", new UUID(1, 1));
        founders.put("n2", new UUID(2, 2));
        UUID cluster = NodeIdentity.clusterIdOf(founders);
        founders.put("n2", new UUID(2, 3));

        assertThat(NodeIdentity.clusterIdOf(founders)).isNotEqualTo(cluster);
        assertThat(cluster.version()).isEqualTo(8);
        assertThat(cluster.variant()).isEqualTo(2);
    }
}
