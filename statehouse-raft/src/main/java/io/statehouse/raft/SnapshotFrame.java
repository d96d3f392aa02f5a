package io.statehouse.raft;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;

/** One message of a snapshot on its way: a piece of a file, or at the end the manifest of all. */
sealed interface SnapshotFrame {
    /** The next piece of a file; the pieces of a file come one after another and in order. */
    record Piece(String file, ByteBuffer bytes) implements SnapshotFrame {
        public Piece {
            SnapshotManifest.requirePlainName(file);
        }
    }

    /** The last message: all there was. */
    record End(SnapshotManifest manifest) implements SnapshotFrame {}

    /** The first byte of a piece. */
    int PIECE = 0;

    /** The first byte of the end. */
    int END = 1;

    default byte[] encode() throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        switch (this) {
            case Piece piece -> {
                out.writeByte(PIECE);
                out.writeUTF(piece.file());
                Channels.newChannel(out).write(piece.bytes().duplicate());
            }
            case End end -> {
                out.writeByte(END);
                out.write(end.manifest().encode());
            }
        }
        return bytes.toByteArray();
    }

    static SnapshotFrame decode(byte[] encoded) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(encoded));
        int kind = in.readUnsignedByte();
        if (kind == PIECE) {
            return new Piece(in.readUTF(), ByteBuffer.wrap(in.readAllBytes()));
        }
        if (kind == END) {
            return new End(SnapshotManifest.decode(in.readAllBytes()));
        }
        throw new IOException("a snapshot frame of unknown kind " + kind);
    }
}
