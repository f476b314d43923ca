package io.text2video.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.storage.S3Config;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** On the store that the fleet's own variables name; {@code mvn test -Pstores} runs it where {@code S3_ENDPOINT} is set. */
@EnabledIfSystemProperty(named = "stores", matches = "true")
@EnabledIfEnvironmentVariable(named = "S3_ENDPOINT", matches = ".+")
class EndpointConformanceTest extends ObjectStoreConformance {
    @Override
    S3Config start(Path data) {
        Map<String, String> environment = System.getenv();
        assertThat(environment).containsKeys("S3_ACCESS_KEY", "S3_SECRET_KEY");
        return new S3Location(
                environment.get("S3_ENDPOINT"),
                environment.get("S3_ACCESS_KEY"),
                environment.get("S3_SECRET_KEY"),
                environment.getOrDefault("S3_BUCKET", "text2video-conformance"),
                environment.getOrDefault("S3_REGION", "us-east-1"));
    }
}
