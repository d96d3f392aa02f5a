package io.statehouse.node.agent;

import io.statehouse.node.config.NodeReducers;
import io.statehouse.node.reducer.SessionReducer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reducers that an operator has put beside the node, by name, and what sessions have come to by them. A jar that cannot be loaded
 * is left out and logged: it must not keep a node from starting.
 */
public final class Reducers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reducers.class);
    private static final Duration LOAD_MAX = Duration.ofSeconds(10);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private final NodeReducers config;
    private final Map<String, LoadedReducer> reducers = new TreeMap<>();
    private final List<ReducerClasses> classes = new ArrayList<>();
    private final KeptStates kept = new KeptStates(KeptStates.BYTES_MAX);

    private Reducers(NodeReducers config) {
        this.config = config;
    }

    /** Loads what the jars hold. */
    public static Reducers load(NodeReducers config) {
        Reducers all = new Reducers(config);
        config.jars().forEach(all::add);
        return all;
    }

    private void add(Path jar) {
        try {
            ReducerClasses own = new ReducerClasses(jar.toUri().toURL());
            classes.add(own);
            List<LoadedReducer> all =
                    GuestThread.call("statehouse-reducer-load", own, () -> found(own), LOAD_MAX.toNanos(), () -> {});
            if (all.isEmpty()) {
                LOG.warn("a jar without reducers left out jar={}", jar);
            }
            for (LoadedReducer one : all) {
                if (reducers.putIfAbsent(one.name(), one) == null) {
                    LOG.info("reducer loaded name={} version={} jar={}", one.name(), one.version(), jar);
                } else {
                    LOG.warn("reducer left out, another jar has the name name={} jar={}", one.name(), jar);
                }
            }
        } catch (IOException | ExecutionException | TimeoutException e) {
            LOG.warn("reducers of a jar left out jar={} why={}", jar, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<LoadedReducer> found(ReducerClasses own) {
        List<LoadedReducer> found = new ArrayList<>();
        for (SessionReducer code : ServiceLoader.load(SessionReducer.class, own)) {
            found.add(new LoadedReducer(checked("name", code.name()), checked("version", code.version()), code, own));
        }
        return found;
    }

    private static String checked(String what, String text) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalStateException(
                    "the " + what + " of a reducer is no word of 1 to 64 letters, digits and . _ -");
        }
        return text;
    }

    /** All, in the order of their names. */
    Collection<LoadedReducer> all() {
        return Collections.unmodifiableCollection(reducers.values());
    }

    LoadedReducer require(String name) {
        LoadedReducer found = reducers.get(name);
        if (found == null) {
            throw Ask.notFound("reducer", name);
        }
        return found;
    }

    NodeReducers config() {
        return config;
    }

    KeptStates kept() {
        return kept;
    }

    @Override
    public void close() {
        for (ReducerClasses own : classes) {
            try {
                own.close();
            } catch (IOException e) {
                LOG.warn("a reducer's jar was not closed why={}", e.toString());
            }
        }
    }
}
