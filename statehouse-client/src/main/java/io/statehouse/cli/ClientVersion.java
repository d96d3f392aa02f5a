package io.statehouse.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of statehousectl itself; the command {@code version} asks the cluster for its own. */
final class ClientVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"statehousectl " + text()};
    }

    static String text() {
        String version = ClientVersion.class.getPackage().getImplementationVersion();
        return version == null ? "(development build)" : version;
    }
}
