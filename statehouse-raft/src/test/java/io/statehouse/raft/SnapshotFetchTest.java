package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.statehouse.raft.SnapshotManifest.SnapshotFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFetchTest {
    private static final byte[] FIRST = "first".getBytes(StandardCharsets.UTF_8);
    private static final byte[] SECOND = "second".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path staging;

    @Test
    void whatTheManifestNamesIsWrittenAsItCame() throws IOException {
        receive(List.of(piece("a", FIRST), piece("a", SECOND), piece("empty", new byte[0])), manifest());

        assertThat(staging.resolve("a")).hasContent("firstsecond");
        assertThat(staging.resolve("empty")).isEmptyFile();
    }

    @Test
    void oneChangedByteIsNoticed() {
        byte[] changed = SECOND.clone();
        changed[3] ^= 1;

        assertThatThrownBy(() -> receive(
                        List.of(piece("a", FIRST), piece("a", changed), piece("empty", new byte[0])), manifest()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("manifest");
    }

    @Test
    void aMissingFileIsNoticed() {
        assertThatThrownBy(() -> receive(List.of(piece("a", FIRST), piece("a", SECOND)), manifest()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("manifest");
    }

    @Test
    void aFileThatTheManifestDoesNotNameIsNoticed() {
        assertThatThrownBy(() -> receive(
                        List.of(
                                piece("a", FIRST),
                                piece("a", SECOND),
                                piece("empty", new byte[0]),
                                piece("more", FIRST)),
                        manifest()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aSnapshotThatTheDiskHasNoRoomForIsGivenUpBeforeItIsFull() {
        assertThatThrownBy(() -> new SnapshotFetch(staging, () -> SnapshotFetch.FREE_BYTES_MIN - 1)
                        .receive(List.of(piece("a", FIRST)).iterator()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no room for the snapshot");
        assertThat(staging.resolve("a")).doesNotExist();
    }

    @Test
    void aStreamWithoutAManifestIsNoSnapshot() {
        assertThatThrownBy(() -> new SnapshotFetch(staging)
                        .receive(List.of(piece("a", FIRST)).iterator()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("without its manifest");
    }

    @Test
    void aFileNameThatLeadsElsewhereIsRefused() {
        for (String name : List.of("../a", "/etc/passwd", "", "..", ".hidden", "a\\b")) {
            assertThatThrownBy(() -> new SnapshotFrame.Piece(name, ByteBuffer.wrap(FIRST)))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void twoFilesOfOneNameAreRefused() {
        assertThatThrownBy(() -> receive(List.of(piece("a", FIRST), piece("b", FIRST), piece("a", SECOND)), manifest()))
                .isInstanceOf(IOException.class);
        assertThat(Files.exists(staging.resolve("b"))).isTrue();
    }

    private void receive(List<byte[]> pieces, SnapshotManifest manifest) throws IOException {
        var frames = new ArrayList<>(pieces);
        frames.add(new SnapshotFrame.End(manifest).encode());
        new SnapshotFetch(staging).receive(frames.iterator());
    }

    private static SnapshotManifest manifest() {
        var sha256 = SnapshotSender.sha256();
        sha256.update(FIRST);
        sha256.update(SECOND);
        return new SnapshotManifest(List.of(
                new SnapshotFile(
                        "a", FIRST.length + SECOND.length, HexFormat.of().formatHex(sha256.digest())),
                new SnapshotFile(
                        "empty",
                        0,
                        HexFormat.of().formatHex(SnapshotSender.sha256().digest()))));
    }

    private static byte[] piece(String name, byte[] bytes) {
        try {
            return new SnapshotFrame.Piece(name, ByteBuffer.wrap(bytes)).encode();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
