package io.text2video.gateway.fleet;

import io.restassured.RestAssured;
import io.text2video.common.access.ApiKey;
import io.text2video.common.access.ApiKeySecret;
import io.text2video.common.job.Tenant;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.Topic;
import jakarta.inject.Singleton;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;

/** Keys that an operator makes and revokes. */
@Singleton
public class Keys {
    private final OtherPrograms others;

    Keys(OtherPrograms others) {
        this.others = others;
    }

    /** Returns when the gateway takes it. */
    public ApiKeySecret create(Tenant tenant) {
        ApiKeySecret secret = ApiKeySecret.random();
        write(secret, tenant, null);
        awaitStatus(secret, 200);
        return secret;
    }

    /** @param expiresAt null for never */
    public void write(ApiKeySecret secret, Tenant tenant, Instant expiresAt) {
        var key = new ApiKey(ApiKey.VERSION, secret.hash(), tenant, "of a test", Instant.now(), expiresAt);
        others.send(new ProducerRecord<>(Topic.KEYS.topicName(), key.hash(), JsonCodec.write(key)));
    }

    public void revoke(ApiKeySecret secret) {
        others.send(new ProducerRecord<>(Topic.KEYS.topicName(), secret.hash(), null));
    }

    public static void awaitStatus(ApiKeySecret secret, int status) {
        Awaitility.await()
                .until(
                        () -> RestAssured.given()
                                .auth()
                                .oauth2(secret.text())
                                .get("/v1/models")
                                .statusCode(),
                        answered -> answered == status);
    }
}
