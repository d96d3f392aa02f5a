package io.statehouse.statemachine.command;

/**
 * What the leader fixed before replication, so that apply needs neither clock nor chance.
 *
 * @param proposedWallMillis the leader's clock, milliseconds since 1970; apply takes the larger of it and the last commit's
 * @param salt 16 random bytes that seed the salts of value commitments
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and read by one codec only
public record Stamp(long proposedWallMillis, byte[] salt) {}
