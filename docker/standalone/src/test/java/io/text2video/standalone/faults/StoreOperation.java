package io.text2video.standalone.faults;

import java.time.Instant;

/**
 * Something that was done to an object.
 *
 * @param done whether it was, and not refused by its condition
 */
record StoreOperation(Instant time, Kind kind, String key, boolean done) {
    enum Kind {
        PUT,
        REMOVE
    }
}
