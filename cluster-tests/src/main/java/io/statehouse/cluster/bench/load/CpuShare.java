package io.statehouse.cluster.bench.load;

/**
 * Shares of all the processor time the machine has, 0 to 1; NaN where the system does not tell.
 *
 * @param driver of the process that makes the load, a child that makes it included
 * @param machine of everything that runs, the driver included
 */
public record CpuShare(double driver, double machine) {}
