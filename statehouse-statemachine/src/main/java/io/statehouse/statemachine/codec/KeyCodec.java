package io.statehouse.statemachine.codec;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Timeline;
import io.statehouse.statemachine.TxnId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The keys of rows. Byte order is the order of the parts, texts by their UTF-8; two different tuples never make one key.
 *
 * <p>A text ends with {@code 00 01}; a {@code 00} within it becomes {@code 00 FF}. So an end sorts before any continuation.
 */
public final class KeyCodec {
    private static final int ESCAPE = 0x00;
    private static final int END = 0x01;
    private static final int ESCAPED_ZERO = 0xFF;
    private static final int END_BYTES = 2;
    private static final int ASCII_MAX = 0x7F;
    private static final int NOT_PLAIN = -1;

    /** What follows the key in a row of the version table. */
    public static final int VERSION_BYTES = 2 * Long.BYTES;

    private KeyCodec() {}

    public static byte[] ofTimeline(Timeline timeline) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(timeline.id()).array();
    }

    public static byte[] ofNamespace(Timeline timeline, String namespace) {
        return join(timeline, namespace);
    }

    public static byte[] ofAgent(Agent agent) {
        return join(agent.timeline(), agent.namespace(), agent.id());
    }

    public static byte[] ofKey(Key key) {
        Agent agent = key.agent();
        return join(agent.timeline(), agent.namespace(), agent.id(), key.name());
    }

    /** A row of the version table: newest first. */
    public static byte[] ofVersion(byte[] key, CommitTs commitTs, long version) {
        return ByteBuffer.allocate(key.length + 2 * Long.BYTES)
                .put(key)
                .putLong(~commitTs.value())
                .putLong(~version)
                .array();
    }

    /** Where the versions of a key begin that are not newer than a commit. */
    public static byte[] ofVersionsUpTo(byte[] key, CommitTs commitTs) {
        return ByteBuffer.allocate(key.length + Long.BYTES)
                .put(key)
                .putLong(~commitTs.value())
                .array();
    }

    public static CommitTs commitTsOfVersion(byte[] row) {
        return new CommitTs(~ByteBuffer.wrap(row).getLong(row.length - 2 * Long.BYTES));
    }

    public static long versionOfVersion(byte[] row) {
        return ~ByteBuffer.wrap(row).getLong(row.length - Long.BYTES);
    }

    /** A row of a table that lists commits under something: its bytes, then the commit. */
    public static byte[] ofListed(byte[] parent, CommitTs commitTs) {
        return ByteBuffer.allocate(parent.length + Long.BYTES)
                .put(parent)
                .putLong(commitTs.value())
                .array();
    }

    public static CommitTs commitTsOfListed(byte[] row) {
        return new CommitTs(ByteBuffer.wrap(row).getLong(row.length - Long.BYTES));
    }

    /** What the rows of a version's readers begin with. */
    public static byte[] ofReaders(byte[] key, long version) {
        return ByteBuffer.allocate(key.length + Long.BYTES)
                .put(key)
                .putLong(version)
                .array();
    }

    /** What the rows of an id's commits begin with. */
    public static byte[] ofTransactions(TxnId id) {
        return append(new byte[0], id.value());
    }

    /** A row of the table of transactions: newest first. */
    public static byte[] ofTransaction(TxnId id, CommitTs commitTs) {
        byte[] parent = ofTransactions(id);
        return ByteBuffer.allocate(parent.length + Long.BYTES)
                .put(parent)
                .putLong(~commitTs.value())
                .array();
    }

    public static CommitTs commitTsOfTransaction(byte[] row) {
        return new CommitTs(~ByteBuffer.wrap(row).getLong(row.length - Long.BYTES));
    }

    /** A row of the table of deadlines: the earliest first. */
    public static byte[] ofDeadline(long expiresMillis, byte[] key) {
        return ByteBuffer.allocate(Long.BYTES + key.length)
                .putLong(expiresMillis)
                .put(key)
                .array();
    }

    public static Key keyOfDeadline(byte[] row) {
        ByteBuffer parts = ByteBuffer.wrap(row, Long.BYTES, row.length - Long.BYTES);
        Timeline timeline = new Timeline(parts.getInt());
        Agent agent = new Agent(timeline, nextText(parts), nextText(parts));
        return agent.key(nextText(parts));
    }

    /** The part of a key's row that is its agent's. */
    public static byte[] agentOfKey(byte[] key) {
        ByteBuffer parts = ByteBuffer.wrap(key);
        parts.getInt();
        String unused = nextText(parts);
        unused = nextText(parts);
        return Arrays.copyOf(key, parts.position());
    }

    private static String nextText(ByteBuffer parts) {
        ByteArrayOutputStream text = new ByteArrayOutputStream(parts.remaining());
        while (true) {
            byte next = parts.get();
            if (next == ESCAPE && parts.get() == END) {
                return text.toString(StandardCharsets.UTF_8);
            }
            text.write(next);
        }
    }

    public static byte[] ofNumber(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    public static long number(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getLong();
    }

    public static byte[] ofTxn(TxnId id) {
        return id.value().getBytes(StandardCharsets.UTF_8);
    }

    /** What stands under a refusal's number: when it was kept, and under which transaction id. */
    public static byte[] ofRefusal(long keptWallMillis, byte[] txn) {
        return ByteBuffer.allocate(Long.BYTES + txn.length)
                .putLong(keptWallMillis)
                .put(txn)
                .array();
    }

    public static byte[] txnOfRefusal(byte[] refusal) {
        return Arrays.copyOfRange(refusal, Long.BYTES, refusal.length);
    }

    /** The beginning of every key that goes on after a parent with a text that has this prefix. */
    public static byte[] ofPrefix(byte[] parent, String prefix) {
        byte[] ended = append(parent, prefix);
        return Arrays.copyOf(ended, ended.length - END_BYTES);
    }

    /** The smallest key above the one that ends after a parent with this text. */
    public static byte[] after(byte[] parent, String last) {
        byte[] key = append(parent, last);
        return Arrays.copyOf(key, key.length + 1);
    }

    public static byte[] append(byte[] parent, String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(parent.length + text.length() + END_BYTES);
        bytes.writeBytes(parent);
        write(bytes, text);
        return bytes.toByteArray();
    }

    /** The text with which a key goes on after its parent, and ends. */
    public static String lastText(byte[] key, int parentBytes) {
        ByteArrayOutputStream text = new ByteArrayOutputStream(key.length - parentBytes);
        int end = key.length - END_BYTES;
        for (int index = parentBytes; index < end; index++) {
            text.write(key[index]);
            if (key[index] == ESCAPE) {
                index++;
            }
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static byte[] join(Timeline timeline, String... texts) {
        int length = Integer.BYTES;
        for (String text : texts) {
            length += text.length() + END_BYTES;
        }
        byte[] plain = new byte[length];
        ByteBuffer.wrap(plain).putInt(timeline.id());
        int end = Integer.BYTES;
        for (String text : texts) {
            end = writePlain(plain, end, text);
            if (end == NOT_PLAIN) {
                return joinEscaped(timeline, texts);
            }
        }
        return plain;
    }

    /** Most names are of characters that are a byte each and need no escape; returns where it ended. */
    private static int writePlain(byte[] bytes, int from, String text) {
        int end = from;
        for (int index = 0; index < text.length(); index++) {
            char next = text.charAt(index);
            if (next == ESCAPE || next > ASCII_MAX) {
                return NOT_PLAIN;
            }
            bytes[end++] = (byte) next;
        }
        bytes[end++] = ESCAPE;
        bytes[end++] = END;
        return end;
    }

    private static byte[] joinEscaped(Timeline timeline, String... texts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ofTimeline(timeline));
        for (String text : texts) {
            write(bytes, text);
        }
        return bytes.toByteArray();
    }

    private static void write(ByteArrayOutputStream bytes, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int from = 0;
        for (int index = 0; index < utf8.length; index++) {
            if (utf8[index] == ESCAPE) {
                bytes.write(utf8, from, index + 1 - from);
                bytes.write(ESCAPED_ZERO);
                from = index + 1;
            }
        }
        bytes.write(utf8, from, utf8.length - from);
        bytes.write(ESCAPE);
        bytes.write(END);
    }
}
