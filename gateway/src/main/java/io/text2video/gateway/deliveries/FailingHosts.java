package io.text2video.gateway.deliveries;

import io.text2video.common.webhook.WebhookAttempt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import okhttp3.HttpUrl;
import org.jboss.logging.Logger;

/**
 * Since when each host of webhooks takes nothing. One that has taken nothing for days is paused: it is called now and then, and by
 * hand, until it takes a call. Every gateway reads the same records, in whatever order, and so comes to the same. Thread-safe.
 */
public final class FailingHosts {
    private static final Logger LOG = Logger.getLogger(FailingHosts.class);
    private static final int REMEMBERED = 10_000;
    private static final int MOST_TIMES = 16;

    /**
     * A host that has taken nothing since.
     *
     * @param since the first call in vain
     * @param last the last one
     * @param probe when it may be called again
     */
    public record Failing(String host, Instant since, Instant last, Instant probe) {}

    private static final class Heard {
        private Instant taken = Instant.MIN;
        /** After that: the first, and the last few. */
        private final NavigableSet<Instant> inVain = new TreeSet<>();

        void hear(WebhookAttempt attempt) {
            Instant time = attempt.time();
            if (attempt.isTaken() || attempt.isGone()) {
                taken = taken.isAfter(time) ? taken : time;
                inVain.headSet(taken, true).clear();
            } else if (time.isAfter(taken)) {
                inVain.add(time);
                if (inVain.size() > MOST_TIMES) {
                    inVain.remove(inVain.higher(inVain.first()));
                }
            }
        }
    }

    private final Duration pauseAfter;
    private final Duration probeInterval;

    /** Those that were heard of longest ago are forgotten first. */
    private final Map<String, Heard> hosts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Heard> eldest) {
            return size() > REMEMBERED;
        }
    };

    /**
     * @param pauseAfter for how long calls are in vain until a host is paused; 0 for never
     * @param probeInterval how often it is called then
     */
    public FailingHosts(Duration pauseAfter, Duration probeInterval) {
        this.pauseAfter = pauseAfter;
        this.probeInterval = probeInterval;
    }

    /** The host that a URL names, as all of them are named here; empty where it names none. */
    public static String host(String url) {
        HttpUrl parsed = HttpUrl.parse(url);
        return parsed == null ? "" : parsed.host();
    }

    synchronized void heard(String host, WebhookAttempt attempt) {
        Heard heard = hosts.computeIfAbsent(host, any -> new Heard());
        boolean wasPaused = isPaused(heard);
        heard.hear(attempt);
        if (!wasPaused && isPaused(heard)) {
            LOG.warnf("webhook host paused host=%s in_vain_since=%s", host, heard.inVain.first());
        } else if (wasPaused && !isPaused(heard)) {
            LOG.infof("webhook host released host=%s", host);
        }
    }

    /** Since when it fails, if it is paused. */
    public synchronized Optional<Failing> paused(String host) {
        return Optional.ofNullable(hosts.get(host)).filter(this::isPaused).map(heard -> failing(host, heard));
    }

    /** All that are. */
    public synchronized List<Failing> paused() {
        List<Failing> paused = new ArrayList<>();
        hosts.forEach((host, heard) -> {
            if (isPaused(heard)) {
                paused.add(failing(host, heard));
            }
        });
        return paused;
    }

    private Failing failing(String host, Heard heard) {
        Instant last = heard.inVain.last();
        return new Failing(host, heard.inVain.first(), last, last.plus(probeInterval));
    }

    private boolean isPaused(Heard heard) {
        return !pauseAfter.isZero()
                && !heard.inVain.isEmpty()
                && Duration.between(heard.inVain.first(), heard.inVain.last()).compareTo(pauseAfter) >= 0;
    }
}
