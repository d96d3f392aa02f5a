/** Ways to break a cluster from outside: its network, its disks, its clocks. */
@NullMarked
package io.statehouse.cluster.fault;

import org.jspecify.annotations.NullMarked;
