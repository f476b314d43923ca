package io.text2video.gateway.access;

import io.text2video.common.access.ApiKey;
import io.text2video.common.access.ApiKeySecret;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The keys that there are, by their hashes. One thread writes, any number read. */
@Singleton
class ApiKeys {
    private final Map<String, ApiKey> byHash = new ConcurrentHashMap<>();

    void put(ApiKey key) {
        byHash.put(key.hash(), key);
    }

    /** @return whether it was there */
    boolean remove(String hash) {
        return byHash.remove(hash) != null;
    }

    /** Whether it is not revoked. */
    boolean contains(String hash) {
        return byHash.containsKey(hash);
    }

    boolean isEmpty() {
        return byHash.isEmpty();
    }

    /**
     * The key that has this secret; nothing when it is unknown, revoked or expired. What is compared is the hash of what was sent:
     * how long that takes tells nothing of a key, as nobody can choose a hash.
     */
    Optional<ApiKey> find(ApiKeySecret secret, Instant now) {
        return Optional.ofNullable(byHash.get(secret.hash())).filter(key -> !key.isExpired(now));
    }
}
