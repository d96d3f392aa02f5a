package io.statehouse.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Starts real nodes in the JVM of a test class before its first test and stops them after its last. Parameters of type {@link
 * io.statehouse.client.StatehouseClient} are given a client, each test one in a namespace of its own; parameters of type {@link
 * StatehouseExtension} are given what can stop and start nodes.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(StatehouseExtension.class)
public @interface StatehouseTest {
    /** How many nodes: 1, which keeps everything in memory, or 3, which replicate to each other. */
    int nodes() default 1;
}
