package io.statehouse.cluster.fault;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.ratis.util.AtomicFileOutputStream;

/** A process that replaces one file the way Ratis replaces its vote, and then waits to be killed. */
final class VoteWriter {
    static final String WRITTEN = "written";

    private VoteWriter() {}

    public static void main(String[] args) throws IOException {
        try (AtomicFileOutputStream out = new AtomicFileOutputStream(new File(args[0]))) {
            out.write(args[1].getBytes(StandardCharsets.UTF_8));
        }
        System.out.println(WRITTEN);
        System.in.read();
    }
}
