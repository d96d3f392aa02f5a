package io.statehouse.client;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A backup that was written: complete, proven and forced to the disk.
 *
 * @param directory where it lies
 * @param clusterId the cluster it is of
 * @param nodeId the node that sent it
 * @param commitTs the last commit it holds; 0 = none was ever made
 * @param committedAt wall-clock time of that commit
 * @param chainHash hash over all events up to it, in hex; as {@code verify} tells it of a node
 * @param digest hash over all versions up to it, in hex; likewise
 * @param files how many files the state has
 * @param bytes how many bytes they have together
 */
public record Backup(
        Path directory,
        String clusterId,
        String nodeId,
        long commitTs,
        Instant committedAt,
        String chainHash,
        String digest,
        int files,
        long bytes) {}
