package io.statehouse.statemachine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Sha256;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.codec.AppliedCodec;
import io.statehouse.statemachine.codec.HeadCodec;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Store;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.TreeStore;
import io.statehouse.statemachine.storage.WriteUnit;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecentHeadsTest {
    private static final long PLENTY = 1 << 20;

    private final TreeStore tables = new TreeStore();

    @Test
    void aHeadIsFoundBeforeItsTableHasIt() {
        Store store = store(new RecentHeads.Bounds(10, 10, PLENTY));

        write(store, 1, "a");

        assertThat(head(store, "a")).isEqualTo(1);
        assertThat(head(tables, "a")).isNull();
        assertThat(AppliedCodec.headsUpTo(tables)).isEqualTo(CommitTs.ZERO);
    }

    @Test
    void aKeyWrittenAgainAndAgainHasItsLastHeadInTheTableOnce() {
        List<String> puts = new ArrayList<>();
        Store store = new RecentHeads(counting(puts), CommitTs.ZERO, new RecentHeads.Bounds(10, 10, PLENTY));

        for (int commit = 1; commit <= 9; commit++) {
            write(store, commit, "hot");
        }
        for (int commit = 10; commit <= 19; commit++) {
            write(store, commit, "other" + commit);
        }

        assertThat(puts).containsExactly("hot@9");
        assertThat(head(store, "hot")).isEqualTo(9);
    }

    @Test
    void noMoreCommitsThanAllowedAreMissing() {
        Store store = store(new RecentHeads.Bounds(3, 1_000, PLENTY));
        for (int commit = 1; commit <= 20; commit++) {
            write(store, commit, "key" + commit);

            CommitTs upTo = AppliedCodec.headsUpTo(tables);
            assertThat(upTo).isEqualTo(new CommitTs(Math.max(0, commit - 3)));
            for (int earlier = 1; earlier <= commit; earlier++) {
                assertThat(head(store, "key" + earlier)).isEqualTo(earlier);
                assertThat(head(tables, "key" + earlier))
                        .isEqualTo(earlier <= commit - 3 ? (Long) (long) earlier : null);
            }
        }
    }

    @Test
    void commitsThatWroteNothingCountToo() {
        Store store = store(new RecentHeads.Bounds(3, 1_000, PLENTY));
        write(store, 1, "a");
        write(store, 2);
        write(store, 3);
        assertThat(head(tables, "a")).isNull();

        write(store, 4);

        assertThat(head(tables, "a")).isEqualTo(1);
        assertThat(AppliedCodec.headsUpTo(tables)).isNull();
    }

    @Test
    void noMoreRowsThanAllowedAreMissing() {
        Store store = store(new RecentHeads.Bounds(1_000, 4, PLENTY));
        write(store, 1, "a", "b", "c");
        write(store, 2, "d");
        assertThat(head(tables, "a")).isNull();

        write(store, 3, "e");

        assertThat(head(tables, "a")).isEqualTo(1);
        assertThat(head(tables, "d")).isNull();
        assertThat(AppliedCodec.headsUpTo(tables)).isEqualTo(new CommitTs(1));
    }

    @Test
    void noMoreMemoryThanAllowedIsTaken() {
        Store store = store(new RecentHeads.Bounds(1_000, 1_000, 10_000));

        write(store, 1, "a".repeat(9_000));
        write(store, 2, "b".repeat(9_000));

        assertThat(head(tables, "a".repeat(9_000))).isEqualTo(1);
        assertThat(head(tables, "b".repeat(9_000))).isNull();
    }

    @Test
    void aUnitThatIsTooMuchAloneIsWrittenAtOnce() {
        Store store = store(new RecentHeads.Bounds(1_000, 2, PLENTY));
        write(store, 1, "a");

        write(store, 2, "a", "b", "c");

        assertThat(head(tables, "a")).isEqualTo(2);
        assertThat(head(tables, "c")).isEqualTo(2);
        assertThat(head(store, "a")).isEqualTo(2);
        assertThat(AppliedCodec.headsUpTo(tables)).isNull();
    }

    @Test
    void closingLeavesNoneMissing() {
        Store store = store(new RecentHeads.Bounds(10, 10, PLENTY));
        write(store, 1, "a", "b");
        write(store, 2, "a");

        store.close();

        assertThat(head(tables, "a")).isEqualTo(2);
        assertThat(head(tables, "b")).isEqualTo(1);
        assertThat(tables.get(Table.META, AppliedCodec.headsKey())).isNull();
    }

    @Test
    void afterAUnitThatFailedClosingWritesNoHead() {
        boolean[] isFull = {false};
        Store failing = proxy((name, arguments) -> {
            if (name.equals("write") && isFull[0]) {
                isFull[0] = false;
                throw new StoreFailedException("full");
            }
        });
        Store store = new RecentHeads(failing, CommitTs.ZERO, new RecentHeads.Bounds(10, 10, PLENTY));
        write(store, 1, "a");
        isFull[0] = true;
        assertThatThrownBy(() -> write(store, 2, "a")).isInstanceOf(StoreFailedException.class);

        store.close();

        assertThat(head(tables, "a")).isNull();
        assertThat(AppliedCodec.headsUpTo(tables)).isEqualTo(CommitTs.ZERO);
    }

    @Test
    void headsAreNotToBeWalkedThrough() {
        Store store = store(RecentHeads.Bounds.DEFAULT);

        assertThatThrownBy(() -> store.ascending(Table.HEADS, KeyRange.all()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.descending(Table.HEADS, KeyRange.all()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.first(Table.HEADS, KeyRange.all())).isInstanceOf(IllegalArgumentException.class);
    }

    private Store store(RecentHeads.Bounds bounds) {
        return new RecentHeads(tables, CommitTs.ZERO, bounds);
    }

    private static void write(Store store, long commit, String... keys) {
        try (WriteUnit unit = new WriteUnit(store)) {
            for (String key : keys) {
                unit.put(Table.HEADS, row(key), HeadCodec.encode(new KeyHead(commit, new CommitTs(commit), true)));
            }
            unit.put(Table.META, AppliedCodec.key(), AppliedCodec.encode(reached(commit)));
            store.write(unit);
        }
    }

    private static Applied reached(long commit) {
        return Applied.NOTHING.committed(
                new CommitPoint(new CommitTs(commit), commit), new byte[Sha256.BYTES], StateDigest.EMPTY);
    }

    private static @Nullable Long head(Store store, String key) {
        byte[] head = store.get(Table.HEADS, row(key));
        return head == null ? null : HeadCodec.decode(head).version();
    }

    private static byte[] row(String key) {
        return KeyCodec.ofKey(new Agent("n", "a").key(key));
    }

    /** The tables, telling which heads of "hot" are put into them. */
    private Store counting(List<String> puts) {
        return proxy((name, arguments) -> {
            if (name.equals("write")) {
                ((WriteUnit) arguments[0]).replay(new Puts(puts));
            }
        });
    }

    /** Notes the heads of the key "hot". */
    private record Puts(List<String> heads) implements WriteUnit.Writer {
        @Override
        public void put(Table table, byte[] key, byte[] value) {
            if (table == Table.HEADS && Arrays.equals(key, row("hot"))) {
                heads.add("hot@" + HeadCodec.decode(value).commitTs());
            }
        }

        @Override
        public void delete(Table table, byte[] key) {}
    }

    private interface Heard {
        void call(String name, Object[] arguments);
    }

    private Store proxy(Heard heard) {
        return (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    heard.call(method.getName(), arguments);
                    try {
                        return method.invoke(tables, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                });
    }
}
