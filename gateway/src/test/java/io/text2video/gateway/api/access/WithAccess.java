package io.text2video.gateway.api.access;

import io.quarkus.test.junit.QuarkusTestProfile;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.OidcProvider;
import java.util.List;
import java.util.Map;

/** A gateway that lets nobody in without a key or a token, and has bounds that tests reach. */
public final class WithAccess implements QuarkusTestProfile {
    static final int MANY_JOBS = Integer.getInteger("test.many", 200);

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(GatewayFleetResource.class), new TestResourceEntry(OidcProvider.class));
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "queue.order",
                "fair",
                "limits.open-jobs-per-tenant",
                Integer.toString(MANY_JOBS),
                "limits.open-jobs",
                Integer.toString(2 * MANY_JOBS + MANY_JOBS / 2),
                "quarkus.http.test-timeout",
                "3M");
    }
}
