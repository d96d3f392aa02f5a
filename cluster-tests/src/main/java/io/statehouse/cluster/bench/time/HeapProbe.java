package io.statehouse.cluster.bench.time;

import io.statehouse.cluster.fault.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Looks into the memory of a node's process with {@code jcmd}. */
final class HeapProbe {
    private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    private static final Pattern USED = Pattern.compile("\\bused (\\d+)K");
    private static final Pattern LIMIT = Pattern.compile("-XX:MaxHeapSize=(\\d+)");
    private static final long BYTES_PER_K = 1 << 10;

    private final long pid;

    HeapProbe(long pid) {
        this.pid = pid;
    }

    /** Bytes of the heap that are in use after everything that could be collected was. */
    long liveBytes() {
        String unused = jcmd("GC.run");
        return usedBytes(jcmd("GC.heap_info"));
    }

    /** The heap's generations added up; what is told of classes behind it does not count. */
    static long usedBytes(String heapInfo) {
        int classes = heapInfo.indexOf("Metaspace");
        var match = USED.matcher(classes < 0 ? heapInfo : heapInfo.substring(0, classes));
        long kilobytes = 0;
        boolean isFound = false;
        while (match.find()) {
            kilobytes += Long.parseLong(match.group(1));
            isFound = true;
        }
        if (!isFound) {
            throw new IllegalArgumentException("jcmd tells no heap: " + heapInfo);
        }
        return kilobytes * BYTES_PER_K;
    }

    /** The most bytes that the heap may take. */
    long heapLimitBytes() {
        return limitBytes(jcmd("VM.flags"));
    }

    static long limitBytes(String flags) {
        var match = LIMIT.matcher(flags);
        if (!match.find()) {
            throw new IllegalArgumentException("jcmd tells no limit of the heap: " + flags);
        }
        return Long.parseLong(match.group(1));
    }

    /** Bytes of the process that are in memory, with what RocksDB keeps there. */
    long residentBytes() {
        return statusBytes("VmRSS");
    }

    /** The most bytes of the process that ever were in memory. */
    long mostResidentBytes() {
        return statusBytes("VmHWM");
    }

    private long statusBytes(String name) {
        try {
            return statusBytes(Files.readString(Path.of("/proc", Long.toString(pid), "status")), name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static long statusBytes(String status, String name) {
        var match = Pattern.compile("(?m)^" + name + ":\\s*(\\d+) kB$").matcher(status);
        if (!match.find()) {
            throw new IllegalArgumentException("the status of the process tells no " + name);
        }
        return Long.parseLong(match.group(1)) * BYTES_PER_K;
    }

    private String jcmd(String command) {
        return Shell.run(JCMD.toString(), Long.toString(pid), command);
    }
}
