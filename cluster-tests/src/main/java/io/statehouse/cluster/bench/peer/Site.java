package io.statehouse.cluster.bench.peer;

import java.nio.file.Path;

/**
 * Where systems are started.
 *
 * @param directory empty; each has a directory of its own in it
 * @param nodeFlags flags for the JVM of each Statehouse node
 */
public record Site(Path directory, String nodeFlags) {}
