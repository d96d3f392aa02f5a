package io.statehouse.cluster.cases;

import io.statehouse.cluster.fault.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A shell with an {@code /etc} and an {@code /opt} of its own and no systemd that runs: what is installed there is gone with it. */
final class OwnEtc {
    /** Its first argument is the directory that it may use, its second the one with what is to be in {@code /opt}. */
    private static final String SHELL = """
            set -e
            cd "$1"
            mkdir etc opt
            cp -a /etc/. etc
            cp -a "$2"/. opt
            mount --bind etc /etc
            mount --bind opt /opt
            mkdir -p /etc/systemd/system
            shift 2
            exec "$@"
            """;

    private static final String SYSTEMCTL = """
            #!/bin/sh
            [ "$1" = daemon-reload ] || exec /usr/bin/systemctl --root=/ "$1" --quiet statehouse
            """;

    private OwnEtc() {}

    /** Why there can be none here; empty when there can. */
    static String obstacle() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return "a file system of one's own needs root";
        }
        for (String command : new String[] {"unshare", "mount", "useradd", "/usr/bin/systemctl"}) {
            try {
                String unused = Shell.run("sh", "-c", "command -v " + command);
            } catch (IllegalStateException e) {
                return "the command " + command + " is missing";
            }
        }
        return "";
    }

    /** The runbook in such a shell, in a directory that is empty. */
    static Runbook of(Runbook runbook, Path directory, Path opt) throws IOException {
        Path bin = Files.createDirectories(directory.resolve("bin"));
        Path systemctl = Files.writeString(bin.resolve("systemctl"), SYSTEMCTL);
        Files.setPosixFilePermissions(systemctl, PosixFilePermissions.fromString("rwxr-xr-x"));
        return runbook.with("PATH", bin + ":" + System.getenv("PATH"))
                .behind(
                        "unshare",
                        "--mount",
                        "--propagation",
                        "private",
                        "bash",
                        "-c",
                        SHELL,
                        "own-etc",
                        directory.toString(),
                        opt.toString());
    }
}
