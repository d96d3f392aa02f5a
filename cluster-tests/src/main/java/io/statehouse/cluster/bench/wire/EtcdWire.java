package io.statehouse.cluster.bench.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The messages of etcd's API (version 3, {@code etcdserverpb}) that the benchmarks send, and what they look at in the answers. */
public final class EtcdWire {
    // Numbers of fields and enum constants, as etcd's rpc.proto has them.
    private static final int KEY = 1;
    private static final int VALUE = 2;
    private static final int RANGE_END = 2;
    private static final int TXN_COMPARE = 1;
    private static final int TXN_SUCCESS = 2;
    private static final int OP_PUT = 2;
    private static final int TXN_FAILURE = 3;
    private static final int TXN_RESPONSES = 3;
    private static final int OP_RANGE = 1;
    private static final int COMPARE_TARGET = 2;
    private static final int COMPARE_KEY = 3;
    private static final int COMPARE_MOD_REVISION = 6;
    private static final int COMPARE_VERSION = 4;
    private static final int TARGET_VERSION = 0;
    private static final int TARGET_MOD = 2;
    private static final int KEY_VERSION = 4;
    private static final int EVENT_KEY = 2;
    private static final int WATCH_CREATE = 1;
    private static final int WATCH_START_REVISION = 3;
    private static final int WATCH_CANCELED = 4;
    private static final int WATCH_EVENTS = 11;
    private static final int HEADER = 1;
    private static final int HEADER_MEMBER = 2;
    private static final int HEADER_REVISION = 3;
    private static final int TXN_SUCCEEDED = 2;
    private static final int RANGE_KVS = 2;
    private static final int STATUS_LEADER = 4;

    private EtcdWire() {}

    /** A {@code PutRequest}. */
    public static byte[] put(String key, byte[] value) {
        return new ProtoWriter().text(KEY, key).bytes(VALUE, value).toBytes();
    }

    /** A {@code RangeRequest} for one key, linearizable. */
    public static byte[] get(String key) {
        return new ProtoWriter().text(KEY, key).toBytes();
    }

    /** A {@code TxnRequest}: two puts of a value if the first key was last changed at a revision; 0 = it does not exist. */
    public static byte[] putBothIfUnchanged(String first, long modRevision, String second, byte[] value) {
        byte[] compare = new ProtoWriter()
                .number(COMPARE_TARGET, TARGET_MOD)
                .text(COMPARE_KEY, first)
                .number(COMPARE_MOD_REVISION, modRevision)
                .toBytes();
        return new ProtoWriter()
                .bytes(TXN_COMPARE, compare)
                .bytes(TXN_SUCCESS, putOperation(first, value))
                .bytes(TXN_SUCCESS, putOperation(second, value))
                .toBytes();
    }

    /**
     * A {@code TxnRequest}: counts a key up and puts an event beside it if the key was written so many times; tells how often it
     * was if not.
     */
    public static byte[] append(String counter, long version, String event, byte[] value) {
        byte[] compare = new ProtoWriter()
                .number(COMPARE_TARGET, TARGET_VERSION)
                .text(COMPARE_KEY, counter)
                .number(COMPARE_VERSION, version)
                .toBytes();
        byte[] look = new ProtoWriter().bytes(OP_RANGE, get(counter)).toBytes();
        return new ProtoWriter()
                .bytes(TXN_COMPARE, compare)
                .bytes(TXN_SUCCESS, putOperation(counter, new byte[0]))
                .bytes(TXN_SUCCESS, putOperation(event, value))
                .bytes(TXN_FAILURE, look)
                .toBytes();
    }

    private static byte[] putOperation(String key, byte[] value) {
        return new ProtoWriter().bytes(OP_PUT, put(key, value)).toBytes();
    }

    /** A {@code WatchRequest} for all keys that start so, from a revision on. */
    public static byte[] watch(String prefix, long fromRevision) {
        byte[] create = new ProtoWriter()
                .text(KEY, prefix)
                .bytes(RANGE_END, endOf(prefix))
                .number(WATCH_START_REVISION, fromRevision)
                .toBytes();
        return new ProtoWriter().bytes(WATCH_CREATE, create).toBytes();
    }

    // The first key that no longer starts so. No prefix here ends in the byte 0xFF.
    private static byte[] endOf(String prefix) {
        byte[] end = prefix.getBytes(StandardCharsets.UTF_8);
        end[end.length - 1]++;
        return end;
    }

    /** The revision in the header of any answer. */
    public static long revision(byte[] answer) {
        return header(answer, HEADER_REVISION);
    }

    /** The member that answered. */
    public static long member(byte[] answer) {
        return header(answer, HEADER_MEMBER);
    }

    private static long header(byte[] answer, int wanted) {
        var reader = new ProtoReader(ByteBuffer.wrap(answer));
        for (int field = reader.next(); field != 0; field = reader.next()) {
            if (field == HEADER) {
                return number(new ProtoReader(reader.message()), wanted);
            }
            reader.skip();
        }
        return 0;
    }

    /** Whether the conditions of a {@code TxnRequest} held. */
    public static boolean hasSucceeded(byte[] txnResponse) {
        return number(reader(txnResponse), TXN_SUCCEEDED) != 0;
    }

    /** How often the key was written that a {@link #append} which was refused looked at; 0 = it is not there. */
    public static long versionFound(byte[] txnResponse) {
        ByteBuffer range = ByteBuffer.wrap(txnResponse);
        for (int field : new int[] {TXN_RESPONSES, OP_RANGE, RANGE_KVS}) {
            List<ByteBuffer> found = messages(range, field);
            if (found.isEmpty()) {
                return 0;
            }
            range = found.getFirst();
        }
        return number(new ProtoReader(range), KEY_VERSION);
    }

    /** How many keys a {@code RangeResponse} holds. */
    public static int keys(byte[] rangeResponse) {
        return count(reader(rangeResponse), RANGE_KVS);
    }

    /**
     * How many events a {@code WatchResponse} holds.
     *
     * @throws IllegalStateException if it says that the watch has ended
     */
    public static int events(byte[] watchResponse) {
        if (number(reader(watchResponse), WATCH_CANCELED) != 0) {
            throw new IllegalStateException("etcd cancelled the watch");
        }
        return count(reader(watchResponse), WATCH_EVENTS);
    }

    /** The keys of the events that a {@code WatchResponse} holds. */
    public static List<String> eventKeys(byte[] watchResponse) {
        return messages(ByteBuffer.wrap(watchResponse), WATCH_EVENTS).stream()
                .flatMap(event -> messages(event, EVENT_KEY).stream())
                .flatMap(key -> messages(key, KEY).stream())
                .map(name -> StandardCharsets.UTF_8.decode(name).toString())
                .toList();
    }

    private static List<ByteBuffer> messages(ByteBuffer message, int wanted) {
        var reader = new ProtoReader(message);
        List<ByteBuffer> found = new ArrayList<>();
        for (int field = reader.next(); field != 0; field = reader.next()) {
            if (field == wanted) {
                found.add(reader.message());
            } else {
                reader.skip();
            }
        }
        return found;
    }

    /** The member that leads, of a {@code StatusResponse}; 0 = nobody. */
    public static long leader(byte[] statusResponse) {
        return number(reader(statusResponse), STATUS_LEADER);
    }

    private static ProtoReader reader(byte[] message) {
        return new ProtoReader(ByteBuffer.wrap(message));
    }

    private static long number(ProtoReader reader, int wanted) {
        for (int field = reader.next(); field != 0; field = reader.next()) {
            if (field == wanted) {
                return reader.number();
            }
            reader.skip();
        }
        return 0;
    }

    private static int count(ProtoReader reader, int wanted) {
        int count = 0;
        for (int field = reader.next(); field != 0; field = reader.next()) {
            count += field == wanted ? 1 : 0;
            reader.skip();
        }
        return count;
    }
}
