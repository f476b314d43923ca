package io.text2video.gateway.access;

import io.text2video.common.access.ApiKey;
import io.text2video.common.job.Tenant;
import io.text2video.common.storage.ObjectKeys;
import java.time.Instant;

/**
 * Whoever sends a request.
 *
 * @param tenant whose jobs it makes
 * @param seesAll whether it sees the jobs of all tenants, and may start videos from any image in the bucket
 * @param key the hash of the key that was shown; null for none
 * @param until when what was shown expires; null for never
 */
public record Caller(Tenant tenant, boolean seesAll, String key, Instant until) {
    /** Where access is off. */
    public static final Caller ANYBODY = new Caller(Tenant.DEFAULT, true, null, null);

    static Caller of(ApiKey key) {
        return new Caller(key.tenant(), false, key.hash(), key.expiresAt());
    }

    /** One that has shown a token. */
    static Caller of(Tenant tenant, Instant until) {
        return new Caller(tenant, false, null, until);
    }

    public boolean sees(Tenant owner) {
        return seesAll || tenant.equals(owner);
    }

    /** @param image the key of an object in the bucket */
    public boolean mayStartFrom(String image) {
        return seesAll || image.startsWith(ObjectKeys.inputs(tenant));
    }
}
