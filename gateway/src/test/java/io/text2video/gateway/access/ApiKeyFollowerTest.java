package io.text2video.gateway.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.common.annotation.Identifier;
import io.text2video.common.access.ApiKeySecret;
import io.text2video.common.job.Tenant;
import io.text2video.common.topic.Topic;
import io.text2video.gateway.api.access.WithAccess;
import io.text2video.gateway.fleet.Keys;
import io.text2video.gateway.fleet.OtherPrograms;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
@Tag("waits")
@QuarkusTest
@TestProfile(WithAccess.class)
class ApiKeyFollowerTest {
    @Inject
    Keys keys;

    @Inject
    OtherPrograms others;

    @Inject
    @Identifier("default-kafka-broker")
    Map<String, Object> kafka;

    private final ApiKeys known = new ApiKeys();

    @Test
    void shouldKnowTheKeysOfBeforeItsStart() throws Exception {
        // Given
        ApiKeySecret kept = written("acme");
        ApiKeySecret revoked = written("acme");
        keys.revoke(revoked);

        // When
        readAll();

        // Then
        assertThat(known.find(kept, Instant.now()))
                .hasValueSatisfying(key -> assertThat(key.tenant()).isEqualTo(new Tenant("acme")));
        assertThat(known.find(revoked, Instant.now())).isEmpty();
    }

    @Test
    void shouldLetNobodyInByARecordThatIsNoKey() throws Exception {
        // Given a key whose record is followed by another shape, and one whose hash is not its record's key
        ApiKeySecret spoiled = written("acme");
        send(spoiled.hash(), "{\"hash\":\"%s\"}".formatted(spoiled.hash()));
        ApiKeySecret smuggled = ApiKeySecret.random();
        send(
                ApiKeySecret.random().hash(),
                "{\"hash\":\"%s\",\"tenant\":\"acme\",\"name\":\"x\",\"created_at\":\"2026-01-02T03:04:05Z\"}"
                        .formatted(smuggled.hash()));
        ApiKeySecret last = written("acme");

        // When
        readAll();

        // Then
        assertThat(known.find(spoiled, Instant.now())).isEmpty();
        assertThat(known.find(smuggled, Instant.now())).isEmpty();
        assertThat(known.find(last, Instant.now())).isPresent();
    }

    private void readAll() throws Exception {
        try (var follower = new ApiKeyFollower(kafka, known)) {
            follower.followFromStart(Duration.ofSeconds(30));
        }
    }

    private ApiKeySecret written(String tenant) {
        ApiKeySecret secret = ApiKeySecret.random();
        keys.write(secret, new Tenant(tenant), null);
        return secret;
    }

    private void send(String hash, String json) {
        others.send(new ProducerRecord<>(Topic.KEYS.topicName(), hash, json.getBytes(UTF_8)));
    }
}
