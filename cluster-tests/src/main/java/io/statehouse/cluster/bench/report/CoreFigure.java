package io.statehouse.cluster.bench.report;

import io.statehouse.cluster.bench.load.Spread;

/**
 * What a benchmark of the core came to.
 *
 * @param of what varies: "batch=64 engine=ROCKS"; "" for nothing
 * @param perSecond of the measured times, each with its mean
 * @param bytesEach bytes of the heap that were allocated for each operation
 */
public record CoreFigure(String benchmark, String of, Spread perSecond, double bytesEach) {}
