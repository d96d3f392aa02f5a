package io.statehouse.cli;

import io.statehouse.client.NodeExamination;
import org.jspecify.annotations.Nullable;

/**
 * What {@code doctor} heard of one node.
 *
 * @param name its id, or its endpoint when the id is not known
 * @param heard null when it did not answer
 * @param failure what is wrong when it did not answer; "" when it did
 */
record NodeReport(String name, String endpoint, @Nullable NodeExamination heard, String failure) {}
