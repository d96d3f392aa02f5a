package io.statehouse.node.audit;

import java.util.Locale;

/** What is written down apart, so that whoever is denied over and over cannot push out what others were let do. */
public enum AuditStream {
    ADMITTED,
    DENIED;

    String diskName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
