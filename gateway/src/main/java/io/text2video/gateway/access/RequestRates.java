package io.text2video.gateway.access;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.text2video.common.job.Tenant;
import jakarta.inject.Singleton;
import java.time.Duration;

/** How many requests tenants may send. Each gateway counts for itself. Thread-safe. */
@Singleton
public class RequestRates {
    /** What one tenant may send. */
    @ConfigMapping(prefix = "limits")
    interface RatesConfig {
        /** Requests below {@code /v1} that a tenant may send to one gateway each second; 0 for any number. */
        @WithDefault("100")
        int requestsPerSecond();
    }

    /** A page that begins asks for much at once. */
    private static final int SECONDS_AT_ONCE = 2;

    private final int perSecond;
    private final LoadingCache<Tenant, Bucket> buckets;

    RequestRates(RatesConfig config) {
        perSecond = config.requestsPerSecond();
        if (perSecond < 0) {
            throw new IllegalArgumentException(
                    "limits.requests-per-second must be 0, for any number, or more, not " + perSecond);
        }
        buckets = Caffeine.newBuilder()
                // One that is full again is as good as a new one.
                .expireAfterAccess(Duration.ofMinutes(1))
                .build(tenant -> Bucket.builder()
                        .addLimit(limit -> limit.capacity((long) perSecond * SECONDS_AT_ONCE)
                                .refillGreedy(perSecond, Duration.ofSeconds(1)))
                        .build());
    }

    /** Whether the caller may send one more now. Where access is off, everybody may. */
    public boolean admits(Caller caller) {
        return perSecond == 0
                || caller.seesAll()
                || buckets.get(caller.tenant()).tryConsume(1);
    }

    public int perSecond() {
        return perSecond;
    }
}
