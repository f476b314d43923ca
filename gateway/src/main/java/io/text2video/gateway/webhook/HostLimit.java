package io.text2video.gateway.webhook;

import io.text2video.gateway.deliveries.FailingHosts;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Bounds how many deliveries are in hand, so that those of slow hosts leave room for others. A host that answers may have many.
 * One that is not known has one until it has answered, and so has one that did not answer the last time, of which there may be
 * few: however many hosts say nothing, those that answer are called. Thread-safe.
 */
@Singleton
class HostLimit {
    private enum Hearing {
        NEW(1, NEW_AT_ONCE, Duration.ofSeconds(1)),
        ANSWERS(PER_HOST, Integer.MAX_VALUE, Duration.ofSeconds(1)),
        SILENT(1, SILENT_AT_ONCE, Duration.ofSeconds(5));

        private final int perHost;
        private final int together;
        private final Duration pause;

        Hearing(int perHost, int together, Duration pause) {
            this.perHost = perHost;
            this.together = together;
            this.pause = pause;
        }
    }

    static final int PER_HOST = 64;
    static final int NEW_AT_ONCE = 1024;
    static final int SILENT_AT_ONCE = 256;
    private static final int REMEMBERED = 10_000;

    private static final class Host {
        private Hearing hearing = Hearing.NEW;
        private int inHand;
    }

    /** Those that were in use longest ago are forgotten first. */
    private final Map<String, Host> hosts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Host> eldest) {
            return size() > REMEMBERED && eldest.getValue().inHand == 0;
        }
    };

    private final Map<Hearing, Integer> inHand = new EnumMap<>(Hearing.class);

    /** Whether there is room for one more; then {@link #leave} must follow. */
    synchronized boolean enter(String url) {
        Host host = host(url);
        boolean hasRoom =
                host.inHand < host.hearing.perHost && inHand.getOrDefault(host.hearing, 0) < host.hearing.together;
        if (hasRoom) {
            host.inHand++;
            inHand.merge(host.hearing, 1, Integer::sum);
        }
        return hasRoom;
    }

    synchronized void leave(String url) {
        Host host = host(url);
        host.inHand--;
        inHand.merge(host.hearing, -1, Integer::sum);
    }

    /** Its host was called, and has answered something or nothing at all. */
    synchronized void heard(String url, boolean answered) {
        Host host = host(url);
        inHand.merge(host.hearing, -host.inHand, Integer::sum);
        host.hearing = answered ? Hearing.ANSWERS : Hearing.SILENT;
        inHand.merge(host.hearing, host.inHand, Integer::sum);
    }

    /** When to ask again for which there is no room. */
    synchronized Instant again(String url, Instant now) {
        long millis = host(url).hearing.pause.toMillis();
        return now.plusMillis(millis + ThreadLocalRandom.current().nextLong(millis));
    }

    /** URLs that cannot be called are of one host. */
    private Host host(String url) {
        return hosts.computeIfAbsent(FailingHosts.host(url), name -> new Host());
    }
}
