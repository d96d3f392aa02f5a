package io.statehouse.cluster.bench.peer;

/** What is asked of PostgreSQL, in its own words. */
final class PostgresScripts {
    static final String SCHEMA = """
            CREATE TABLE events (
              id bigserial PRIMARY KEY, agent text NOT NULL, key text NOT NULL, value text NOT NULL,
              at timestamptz NOT NULL DEFAULT now());
            CREATE INDEX events_of_agent ON events (agent, id);
            CREATE TABLE state (
              agent text, key text, value text NOT NULL, version bigint NOT NULL, event bigint NOT NULL,
              PRIMARY KEY (agent, key));
            CREATE TABLE sessions (id text PRIMARY KEY, last bigint NOT NULL);
            CREATE TABLE session_events (
              session text, number bigint, event text NOT NULL, at timestamptz NOT NULL DEFAULT now(),
              PRIMARY KEY (session, number));
            """;

    private static final String ANY_KEY = """
            \\set agent random(0, ${agent})
            \\set key random(0, ${key})
            """;

    private static final String COMMIT = """
            WITH event AS (INSERT INTO events (agent, key, value) VALUES ('agent-' || :agent, 'key-' || :key, '${value}') RETURNING id)
            INSERT INTO state SELECT 'agent-' || :agent, 'key-' || :key, '${value}', 1, id FROM event
            ON CONFLICT (agent, key) DO UPDATE SET value = excluded.value, version = state.version + 1, event = excluded.event;
            """;

    private static final String GET = """
            SELECT value, version FROM state WHERE agent = 'agent-' || :agent AND key = 'key-' || :key;
            """;

    private static final String SESSION = """
            WITH next AS (UPDATE sessions SET last = last + 1 WHERE id = 'session' RETURNING last)
            INSERT INTO session_events SELECT 'session', last, '${value}' FROM next;
            """;

    private static final String HISTORY = """
            SELECT id, key, value, at FROM events WHERE agent = '${historian}' ORDER BY id;
            """;

    private static final String FILL = """
            INSERT INTO events (agent, key, value) SELECT '${historian}', 'key-' || n % 100, '${value}' FROM generate_series(0, ${event}) n;
            INSERT INTO state SELECT 'agent-' || a, 'key-' || k, '${value}', 1, 0
              FROM generate_series(0, ${agent}) a, generate_series(0, ${key}) k;
            INSERT INTO sessions VALUES ('session', 0);
            ANALYZE;
            """;

    private PostgresScripts() {}

    static String fill() {
        return filledIn(FILL);
    }

    /** The script of a workload for {@code pgbench}. */
    static String of(Workload workload) {
        return switch (workload) {
            case HISTORY -> filledIn(HISTORY);
            case GET -> filledIn(ANY_KEY + GET);
            case COMMIT -> filledIn(ANY_KEY + COMMIT.replace("\n", " ").strip() + "\n");
            case SESSION -> filledIn(SESSION.replace("\n", " ").strip() + "\n");
            case TRANSACTION, WATCH -> throw new IllegalStateException("not asked of PostgreSQL");
        };
    }

    /** Numbers are the last of those counted from 0. */
    private static String filledIn(String script) {
        return script.replace("${historian}", Things.HISTORIAN)
                .replace("${value}", Things.values().getFirst())
                .replace("${event}", Integer.toString(Things.EVENTS - 1))
                .replace("${agent}", Integer.toString(Things.AGENTS - 1))
                .replace("${key}", Integer.toString(Things.KEYS_PER_AGENT - 1));
    }
}
