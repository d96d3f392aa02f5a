package io.statehouse.statemachine.history;

import io.statehouse.statemachine.decide.Reply;

/**
 * What the ledger keeps under a transaction id.
 *
 * @param fingerprint of what was asked; of nothing when the id was aborted before anything was
 * @param keptWallMillis log time at which it was kept
 */
public record KeptReply(Fingerprint fingerprint, long keptWallMillis, Reply reply) {}
