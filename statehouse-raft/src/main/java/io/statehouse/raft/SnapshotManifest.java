package io.statehouse.raft;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The files of a checkpoint, each with its length and its SHA-256: what must have arrived before it may be used. */
record SnapshotManifest(List<SnapshotFile> files) {
    private static final int FORMAT = 1;
    private static final int FILES_MAX = 100_000;
    private static final int SHA256_BYTES = 32;

    /** A file by its plain name, never a path. */
    record SnapshotFile(String name, long bytes, String sha256) {
        SnapshotFile {
            requirePlainName(name);
        }
    }

    SnapshotManifest {
        files = List.copyOf(files);
    }

    static void requirePlainName(String name) {
        if (name.isEmpty() || name.startsWith(".") || name.contains("/") || name.contains("\\")) {
            throw new IllegalArgumentException("'" + name + "' is no plain file name");
        }
    }

    byte[] encode() throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeByte(FORMAT);
        out.writeInt(files.size());
        for (var file : files) {
            out.writeUTF(file.name());
            out.writeLong(file.bytes());
            out.write(HexFormat.of().parseHex(file.sha256()));
        }
        return bytes.toByteArray();
    }

    static SnapshotManifest decode(byte[] encoded) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(encoded));
        int format = in.readUnsignedByte();
        if (format != FORMAT) {
            throw new IOException("a snapshot manifest of format " + format + "; this release knows " + FORMAT);
        }
        int count = in.readInt();
        if (count < 0 || count > FILES_MAX) {
            throw new IOException("a snapshot of " + count + " files; at most " + FILES_MAX + " are taken");
        }
        var files = new ArrayList<SnapshotFile>();
        for (int i = 0; i < count; i++) {
            files.add(new SnapshotFile(
                    in.readUTF(), in.readLong(), HexFormat.of().formatHex(in.readNBytes(SHA256_BYTES))));
        }
        return new SnapshotManifest(files);
    }
}
