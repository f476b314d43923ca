package io.text2video.gateway.webhook;

import java.util.concurrent.ConcurrentHashMap;
import okhttp3.HttpUrl;

/** Bounds how many deliveries of one host are in hand, so that those of a slow one leave room for others. Thread-safe. */
final class HostLimit {
    private final int most;
    private final ConcurrentHashMap<String, Integer> inHand = new ConcurrentHashMap<>();

    HostLimit(int most) {
        this.most = most;
    }

    /** Whether there is room for one more; then {@link #leave} must follow. */
    boolean enter(String url) {
        int with = inHand.merge(host(url), 1, Integer::sum);
        if (with > most) {
            leave(url);
        }
        return with <= most;
    }

    void leave(String url) {
        inHand.computeIfPresent(host(url), (host, count) -> count == 1 ? null : count - 1);
    }

    /** URLs that cannot be called are one. */
    private static String host(String url) {
        HttpUrl parsed = HttpUrl.parse(url);
        return parsed == null ? "" : parsed.host();
    }
}
