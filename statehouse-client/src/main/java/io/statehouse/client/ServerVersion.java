package io.statehouse.client;

/**
 * What a node says it is.
 *
 * @param version its release
 * @param gitSha the commit it was built from
 */
public record ServerVersion(String version, String gitSha) {}
