package io.statehouse.statemachine.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.RandomLog;
import io.statehouse.statemachine.Seed;
import io.statehouse.statemachine.Timeline;
import io.statehouse.statemachine.storage.KeyRange;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyCodecTest {
    private static final int PAIRS = 200_000;
    private static final Comparator<String> UTF8 = (left, right) -> Arrays.compareUnsigned(utf8(left), utf8(right));
    private static final Comparator<Key> BY_PARTS = Comparator.comparing(
                    (Key key) -> key.agent().timeline())
            .thenComparing(key -> key.agent().namespace(), UTF8)
            .thenComparing(key -> key.agent().id(), UTF8)
            .thenComparing(Key::name, UTF8);

    private final Random random = Seed.random(KeyCodecTest.class);

    @Test
    void keysSortAsTheirPartsDoAndNeverCollide() {
        for (int pair = 0; pair < PAIRS; pair++) {
            Key left = key();
            Key right = random.nextInt(10) == 0 ? left : key();

            int order = Arrays.compareUnsigned(KeyCodec.ofKey(left), KeyCodec.ofKey(right));

            assertThat(Integer.signum(order)).isEqualTo(Integer.signum(BY_PARTS.compare(left, right)));
        }
    }

    @Test
    void aPrefixOfAKeyIsAPrefixOfItsName() {
        for (int pair = 0; pair < PAIRS; pair++) {
            Key key = key();
            String prefix = text();
            byte[] parent = KeyCodec.ofAgent(key.agent());

            boolean isInRange = isIn(KeyRange.ofPrefix(KeyCodec.ofPrefix(parent, prefix)), KeyCodec.ofKey(key));

            assertThat(isInRange).isEqualTo(key.name().startsWith(prefix));
        }
    }

    @Test
    void aNameIsTheSameAfterTheKey() {
        for (int times = 0; times < PAIRS; times++) {
            Key key = key();
            byte[] parent = KeyCodec.ofAgent(key.agent());

            assertThat(KeyCodec.lastText(KeyCodec.ofKey(key), parent.length)).isEqualTo(key.name());
            assertThat(KeyCodec.append(parent, key.name())).isEqualTo(KeyCodec.ofKey(key));
        }
    }

    @Test
    void newerVersionsComeFirst() {
        byte[] key = KeyCodec.ofKey(key());
        List<byte[]> rows = List.of(
                KeyCodec.ofVersion(key, new CommitTs(3), 5),
                KeyCodec.ofVersion(key, new CommitTs(2), 4),
                KeyCodec.ofVersion(key, new CommitTs(2), 3),
                KeyCodec.ofVersion(key, new CommitTs(1), 1));

        assertThat(rows).isSortedAccordingTo(Arrays::compareUnsigned);
        assertThat(KeyCodec.commitTsOfVersion(rows.get(1))).isEqualTo(new CommitTs(2));
        assertThat(KeyCodec.versionOfVersion(rows.get(1))).isEqualTo(4);
    }

    @Test
    void theLastPrefixOfAllHasNoEnd() {
        KeyRange range = KeyRange.ofPrefix(new byte[] {(byte) 0xFF, (byte) 0xFF});

        assertThat(range.to()).isNull();
        assertThat(KeyRange.ofPrefix(new byte[] {1, (byte) 0xFF}).to()).isEqualTo(new byte[] {2});
    }

    private static boolean isIn(KeyRange range, byte[] key) {
        byte[] to = range.to();
        return Arrays.compareUnsigned(range.from(), key) <= 0 && (to == null || Arrays.compareUnsigned(key, to) < 0);
    }

    private Key key() {
        return new Agent(new Timeline(random.nextInt(2)), text(), text()).key(text());
    }

    private String text() {
        String one = RandomLog.HOSTILE.get(random.nextInt(RandomLog.HOSTILE.size()));
        return random.nextBoolean() ? one : one + RandomLog.HOSTILE.get(random.nextInt(RandomLog.HOSTILE.size()));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
