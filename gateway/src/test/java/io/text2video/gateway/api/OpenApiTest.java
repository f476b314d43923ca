package io.text2video.gateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.text2video.gateway.fleet.GatewayFleetResource;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/openapi.yaml}, which clients are made from. */
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class OpenApiTest {
    /** What the build has made of the resources: {@code /openapi} answers it. */
    private static final String BUILT = "META-INF/quarkus-generated-openapi-doc.YAML";

    @Test
    void shouldBeTheFileThatIsCheckedIn() throws Exception {
        String built;
        try (InputStream document =
                Thread.currentThread().getContextClassLoader().getResourceAsStream(BUILT)) {
            built = new String(document.readAllBytes(), UTF_8);
        }
        Path file = Path.of("target/openapi/openapi.yaml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, built);

        assertThat(Path.of("../docs/openapi.yaml"))
                .as("The API has changed. Where that is intended, so has its contract:"
                        + " cp gateway/target/openapi/openapi.yaml docs/openapi.yaml")
                .hasContent(built);
    }
}
