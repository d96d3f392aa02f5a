package io.statehouse.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Kills what this JVM started when this JVM ends, however it ends: a shell that reads process ids from a pipe and, when the
 * pipe closes, kills those that still run under the words they were registered with.
 */
public final class Reaper {
    private static final String SCRIPT = """
            while read -r pid words; do
              list="$list
            $pid $words"
            done
            printf '%s\\n' "$list" | while read -r pid words; do
              [ -n "$pid" ] || continue
              case "$(ps -ww -o args= -p "$pid" 2>/dev/null)" in
                *"$words"*) kill -CONT "$pid"; kill -KILL "$pid" ;;
              esac
            done
            """;

    private static final Reaper INSTANCE = new Reaper();

    private final OutputStream pipe;

    private Reaper() {
        try {
            var shell = new ProcessBuilder("bash", "-c", SCRIPT)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            this.pipe = shell.getOutputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Kills this process, too, when this JVM ends.
     *
     * @param words of its command line: a process id alone may be somebody else's by then
     */
    public static void register(long pid, String words) {
        synchronized (INSTANCE) {
            try {
                INSTANCE.pipe.write((pid + " " + words + "\n").getBytes(StandardCharsets.UTF_8));
                INSTANCE.pipe.flush();
            } catch (IOException e) {
                throw new UncheckedIOException("the reaper is gone", e);
            }
        }
    }
}
