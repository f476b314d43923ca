package io.text2video.gateway.maintenance;

import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;

/** The application's part in the gateways' group: joined when first asked for, left when the application stops. */
@Dependent
class LeadershipProducer {
    @Produces
    @Singleton
    Leadership seek(@Identifier("default-kafka-broker") Map<String, Object> kafka, HousekeepingConfig config) {
        return Leadership.seek(kafka, config.sessionTimeout());
    }

    void close(@Disposes Leadership leadership) {
        leadership.close();
    }
}
