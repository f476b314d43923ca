package io.text2video.standalone.faults;

import java.time.Duration;
import java.time.Instant;

/**
 * A fault that was.
 *
 * @param target which incarnation it hit, or what proxy
 * @param end of one that lasted, the broker's until it served again; else {@code begin}
 */
record InjectedFault(FaultKind kind, String target, Instant begin, Instant end) {
    static InjectedFault now(FaultKind kind, String target) {
        Instant now = Instant.now();
        return new InjectedFault(kind, target, now, now);
    }

    InjectedFault until(Instant later) {
        return new InjectedFault(kind, target, begin, later);
    }

    /** Whether any of it, or of its wake, lies between the two. */
    boolean touches(Instant from, Instant to, Duration wake) {
        return !begin.isAfter(to) && !end.plus(wake).isBefore(from);
    }
}
