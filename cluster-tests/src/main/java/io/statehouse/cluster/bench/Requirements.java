package io.statehouse.cluster.bench;

import io.statehouse.cluster.bench.peer.Contender;
import io.statehouse.cluster.bench.peer.Program;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;

/** What must be installed before anything can be compared. */
final class Requirements {
    private Requirements() {}

    /** Whether all of it is there, at the latest after it was installed; says what is missing. */
    static boolean areMet(List<Contender> contenders, boolean isInstalling, PrintWriter err) {
        if (isInstalling && !Program.missing(contenders).isEmpty()) {
            Program.install(Program.missing(contenders));
        }
        List<Program> missing = Program.missing(contenders);
        if (!missing.isEmpty()) {
            err.println(complaint(missing));
        }
        return missing.isEmpty();
    }

    static String complaint(List<Program> missing) {
        return "bench: not installed: "
                + missing.stream().map(Program::name).collect(Collectors.joining(", "))
                + "; --install does: apt-get install "
                + missing.stream().map(Program::debianPackage).distinct().collect(Collectors.joining(" "))
                + "; or leave systems out with --systems";
    }
}
