package io.statehouse.node.service;

import io.statehouse.statemachine.history.JournalPage;

/**
 * How much of a history is read at once. A page is handed on whole, so it begins small; while part of what was read did not
 * match, the next one is twice as large.
 */
final class PageSize {
    static final int ROWS_MAX = 512;
    static final long BYTES_MIN = 32 << 10;
    static final long BYTES_MAX = 256 << 10;

    private int rows;
    private long bytes = BYTES_MIN;

    /** @param rows of the first page, {@link #ROWS_MAX} at most */
    PageSize(int rows) {
        this.rows = rows;
    }

    int rows() {
        return rows;
    }

    /** About so many; a page has one event at least, however large. */
    long bytes() {
        return bytes;
    }

    /**
     * After a page.
     *
     * @param matching how many of its events matched
     * @param wanted how many more are
     */
    void follow(JournalPage page, int matching, long wanted) {
        if (matching > 0 && matching == page.events().size()) {
            rows = Math.clamp(wanted, 1, rows);
            bytes = BYTES_MIN;
        } else if (page.next() != null) {
            rows = Math.min(2 * rows, ROWS_MAX);
            bytes = Math.min(2 * bytes, BYTES_MAX);
        }
    }
}
