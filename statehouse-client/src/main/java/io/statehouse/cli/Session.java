package io.statehouse.cli;

import io.statehouse.client.ClientOptions;
import io.statehouse.client.Read;
import io.statehouse.client.StatehouseClient;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/** What one run of statehousectl shares: its options once they are parsed, its output, its client once it is needed. */
final class Session implements AutoCloseable {
    private final Surroundings surroundings;
    private final GlobalOptions options = new GlobalOptions();
    private @Nullable StatehouseClient client;
    private @Nullable Output output;

    Session(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    GlobalOptions options() {
        return options;
    }

    boolean isJson() {
        return options.isJson;
    }

    Read read() {
        return options.freshness();
    }

    InputStream in() {
        return surroundings.in();
    }

    /** Decided at its first use, when the options are known. */
    Output output() {
        if (output == null) {
            output = new Output(surroundings.out(), surroundings.err(), options.isQuiet, isColored());
        }
        return output;
    }

    private boolean isColored() {
        boolean isForbidden = options.isColorless || surroundings.environment().containsKey("NO_COLOR");
        return !isForbidden && Ansi.AUTO.enabled();
    }

    ClientOptions clientOptions() {
        try {
            return options.clientOptions(surroundings.environment());
        } catch (IllegalArgumentException e) {
            throw new Complaint(String.valueOf(e.getMessage()), e);
        }
    }

    StatehouseClient client() {
        if (client == null) {
            client = StatehouseClient.connect(clientOptions());
        }
        return client;
    }

    String namespace() {
        return clientOptions().namespace();
    }

    /** Whether a person may be looking on. */
    // Some releases of Java have a console always; then a remark goes where nobody reads it.
    @SuppressWarnings("SystemConsoleNull")
    boolean isWatched() {
        return System.console() != null;
    }

    boolean wantsStackTraces() {
        return !surroundings.environment().getOrDefault("STATEHOUSE_DEBUG", "").isEmpty();
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
    }
}
