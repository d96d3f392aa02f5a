package io.statehouse.node.service;

/**
 * Who has proved to be whom, by what call.
 *
 * @param name of the token; empty = nobody has proved to be anybody
 * @param secretSha256 of the token that was shown: another one may have its name later
 * @param shown the token itself, to be shown to the node that a call is sent on to
 */
public record Authority(String name, String secretSha256, String shown, AccessPolicy.Arrival arrival) {
    /** Never the token. */
    @Override
    public String toString() {
        return (name.isEmpty() ? "nobody" : name) + " by " + arrival;
    }
}
