package io.text2video.gateway.jobs;

import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;

/** The application's one view: opened when first asked for, closed when the application stops. */
@Dependent
class JobViewProducer {
    @Produces
    @Singleton
    JobView open(
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            JobViewConfig config,
            RetentionConfig retention) {
        return JobView.open(kafka, config.patience(), retention.age());
    }

    void close(@Disposes JobView view) {
        view.close();
    }
}
