package io.statehouse.cli;

import io.statehouse.client.Read;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** A point in the history of the store as a person names it: a commit_ts, or a time. */
sealed interface Moment {
    /** Right after this commit. */
    record Commit(long commitTs) implements Moment {}

    /** After the latest commit at or before this time. */
    record Time(Instant time) implements Moment {}

    /**
     * Reads {@code 1041}, {@code 2026-11-21T10:15:30Z}, {@code 2026-11-21T10:15:30+01:00}, and, taken as UTC like all
     * times that statehousectl prints, {@code 2026-11-21T10:15:30}, {@code 2026-11-21T10:15} and {@code 2026-11-21}.
     */
    static Moment parse(String text) {
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return new Commit(commitTs(text));
        }
        try {
            return new Time(time(text));
        } catch (DateTimeException e) {
            throw new Complaint(
                    "'" + text + "' is neither a commit_ts (1041) nor a time (2026-11-21T10:15:30Z, 2026-11-21)", e);
        }
    }

    private static long commitTs(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new Complaint("'" + digits + "' is too large for a commit_ts", e);
        }
    }

    private static Instant time(String text) {
        if (text.indexOf('T') < 0) {
            return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
        }
        String clock = text.substring(text.indexOf('T'));
        boolean saysZone = clock.endsWith("Z") || clock.indexOf('+') >= 0 || clock.indexOf('-') >= 0;
        return saysZone
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    }

    /** The read as of this moment. */
    default Read of(Read read) {
        if (this instanceof Commit commit) {
            return read.asOf(commit.commitTs());
        }
        return read.asOf(((Time) this).time());
    }
}
