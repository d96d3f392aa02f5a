package io.statehouse.cluster.mutant;

/** One method of the product and what happens instead of it. Named by text: the class must not be loaded before it is changed. */
public record Change(String className, String method, Break instead) {
    static Change of(String className, String method, Break instead) {
        return new Change(className, method, instead);
    }

    String place() {
        return className.substring(className.lastIndexOf('.') + 1) + "." + method;
    }
}
