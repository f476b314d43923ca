package io.text2video.gateway.api.access;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.text2video.common.access.ApiKeySecret;
import io.text2video.common.job.Tenant;
import io.text2video.gateway.access.Caller;
import io.text2video.gateway.access.RequestRates;
import io.text2video.gateway.fleet.Keys;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
@Tag("waits")
@QuarkusTest
@TestProfile(WithAccess.class)
class RequestRatesTest {
    private static final Tenant EAGER = new Tenant("eager");

    @Inject
    Keys keys;

    @Inject
    RequestRates rates;

    @Test
    void shouldRefuseWhoSendsTooMuchAndNobodyElse() {
        ApiKeySecret eager = keys.create(EAGER);
        ApiKeySecret other = keys.create(new Tenant("other"));

        // When one sends as much as it may, and more
        Response refused;
        var asks = new Thread(() -> {
            while (!Thread.interrupted()) {
                rates.admits(new Caller(EAGER, false, null, null));
            }
        });
        asks.start();
        try {
            refused = await().until(() -> models(eager), answer -> answer.statusCode() != 200);
        } finally {
            asks.interrupt();
        }

        // Then it is told, and another is served
        refused.then()
                .statusCode(429)
                .header("Retry-After", "1")
                .body("error.code", equalTo("rate_limit_exceeded"))
                .body("error.message", containsString("tenant eager"));
        models(other).then().statusCode(200);
        // And it is served again later
        await().until(() -> models(eager).statusCode() == 200);
    }

    private static Response models(ApiKeySecret key) {
        return given().auth().oauth2(key.text()).get("/v1/models");
    }
}
