package io.statehouse.node.audit;

import java.nio.file.Path;

/**
 * Where the audit is kept, and how much of it.
 *
 * @param directory of its own
 * @param node whose audit it is
 * @param fileBytesMax size at which the next file begins
 * @param filesMax files of each stream; when there is one more, the oldest goes
 */
public record AuditPlace(Path directory, String node, long fileBytesMax, int filesMax) {
    /** The name of the directory in a node's data directory. */
    public static final String DIRECTORY = "audit";

    /** The file of a stream whose first line has this number. */
    Path file(AuditStream stream, long first) {
        return directory.resolve("%s-%018d.log".formatted(stream.diskName(), first));
    }
}
