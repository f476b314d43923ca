package io.text2video.gateway.fleet;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/**
 * A gateway with far fewer threads than a test has clients: one that kept a thread while it waits would stop everything. One
 * profile for all such tests, as each starts the gateway anew.
 */
public final class FewThreads implements QuarkusTestProfile {
    public static final int THREADS = 8;

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "quarkus.thread-pool.max-threads",
                Integer.toString(THREADS),
                // Of thousands of streams in the test's own process, which nobody waits for.
                "events.heartbeat",
                "1m");
    }
}
