package io.statehouse.client;

import java.io.IOException;

/** What arrived is no sound backup, or does not fit on the disk; nothing of it is left. */
public final class BackupFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    BackupFailedException(String message) {
        super(message);
    }
}
