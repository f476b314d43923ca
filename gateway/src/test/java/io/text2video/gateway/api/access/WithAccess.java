package io.text2video.gateway.api.access;

import io.quarkus.test.junit.QuarkusTestProfile;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.OidcProvider;
import java.util.List;

/** A gateway that lets nobody in without a key or a token. */
public final class WithAccess implements QuarkusTestProfile {
    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(GatewayFleetResource.class), new TestResourceEntry(OidcProvider.class));
    }
}
