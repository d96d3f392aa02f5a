package io.statehouse.cluster.fault;

/** A program of the system that a fault needs, and the package that brings it. */
final class Tool {
    private Tool() {}

    /** Empty when the command is there; else what is missing and how to get it. */
    static String obstacle(String command, String debianPackage) {
        return Shell.succeeds("sh", "-c", "command -v " + command)
                ? ""
                : "the command " + command + " is missing: apt-get install " + debianPackage;
    }
}
