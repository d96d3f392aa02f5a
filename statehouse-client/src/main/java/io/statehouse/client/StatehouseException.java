package io.statehouse.client;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call did not succeed, in one of three ways that a caller must tell apart: {@link Refused}, {@link Unavailable},
 * {@link OutcomeUnknown}.
 */
public abstract sealed class StatehouseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private StatehouseException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The server understood the call and said no. Nothing was applied; the same call again is refused again. */
    public static final class Refused extends StatehouseException {
        private static final long serialVersionUID = 1L;

        private final RefusalCode code;
        private final Map<String, String> details;

        Refused(RefusalCode code, String message, Map<String, String> details, @Nullable Throwable cause) {
            super(message, cause);
            this.code = code;
            this.details = Map.copyOf(details);
        }

        /** Why. */
        public RefusalCode code() {
            return code;
        }

        /** What the server added to its refusal; which names there are depends on the {@link #code}. */
        public Map<String, String> details() {
            return details;
        }

        /** The limit that was passed; null unless the server names one. */
        public @Nullable String limit() {
            return details.get("limit");
        }

        /** The field of the request that breaks a rule; null unless the server names one. */
        public @Nullable String field() {
            return details.get("field");
        }

        /** The version the key of the failed condition has; null unless this is a conflict over one. */
        public @Nullable Long currentVersion() {
            return number("current_version");
        }

        /** The commit that made that version; null unless this is a conflict over one. */
        public @Nullable Long currentCommitTs() {
            return number("current_commit_ts");
        }

        /** The oldest commit as of which the namespace can be read; null unless what was asked for is COMPACTED. */
        public @Nullable Long oldestCommitTs() {
            return number("oldest_commit_ts");
        }

        private @Nullable Long number(String name) {
            String text = details.get(name);
            if (text == null) {
                return null;
            }
            try {
                return Long.valueOf(text);
            } catch (NumberFormatException e) {
                throw new IllegalStateException("the server sent " + name + " that is no number", e);
            }
        }
    }

    /**
     * No member of the cluster could do it within the call's time. A read found no answer; a write was certainly not
     * applied: either it never left this process, or the server said so.
     */
    public static final class Unavailable extends StatehouseException {
        private static final long serialVersionUID = 1L;

        Unavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * The write was sent, and within the call's time nobody said what became of it: it may have been applied, may be
     * applied later, or may never be. Committing the same contents again under the same id is safe, and
     * {@link StatehouseClient#resolve} ends the doubt.
     */
    public static final class OutcomeUnknown extends StatehouseException {
        private static final long serialVersionUID = 1L;

        private final String transactionId;

        OutcomeUnknown(String transactionId, String message, @Nullable Throwable cause) {
            super(message, cause);
            this.transactionId = transactionId;
        }

        /** The id to commit again under, or to resolve. */
        public String transactionId() {
            return transactionId;
        }
    }
}
