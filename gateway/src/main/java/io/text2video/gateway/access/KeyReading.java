package io.text2video.gateway.access;

import io.quarkus.arc.lookup.LookupUnlessProperty;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.text2video.gateway.access.AccessConfig.Access;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jboss.logging.Logger;

/** Has the keys read before the gateway serves, and from then on, where access is on. */
@Singleton
class KeyReading {
    private static final Logger LOG = Logger.getLogger(KeyReading.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final Map<String, Object> kafka;
    private final AccessConfig config;
    private final ApiKeys keys;
    private final AccessTokens tokens;

    KeyReading(
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            AccessConfig config,
            ApiKeys keys,
            AccessTokens tokens) {
        this.kafka = kafka;
        this.config = config;
        this.keys = keys;
        this.tokens = tokens;
    }

    @Produces
    @Singleton
    @LookupUnlessProperty(name = "gateway.access", stringValue = "off", lookupIfMissing = true)
    ApiKeyFollower follower() throws IOException {
        var follower = new ApiKeyFollower(kafka, keys);
        follower.followFromStart(TIMEOUT);
        return follower;
    }

    void close(@Disposes ApiKeyFollower follower) {
        follower.close();
    }

    void start(@Observes StartupEvent event, Instance<ApiKeyFollower> follower) {
        if (config.access() == Access.OFF) {
            LOG.info("access is off: whoever reaches this gateway may do everything");
            return;
        }
        LOG.infof("access is on thread=%s tokens=%s", follower.get().name(), tokens.areTaken());
        if (keys.isEmpty() && !tokens.areTaken()) {
            LOG.warnf(
                    "there is no key yet, so nobody may use the API. This makes the first: text2video keys create"
                            + " --name first --kafka %s",
                    kafka.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
        }
    }
}
