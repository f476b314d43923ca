package io.text2video.gateway.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.text2video.gateway.fleet.GatewayFleetResource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Methods that a path does not have, and those that it has, are told as RFC 9110 has it. */
@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class AllowedMethodsTest {
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "PROPFIND", "BREW");

    @Test
    void shouldNameThemOnEveryPath() {
        // Given all paths of the API
        Map<String, Map<String, Object>> paths =
                given().queryParam("format", "json").get("/openapi").path("paths");
        assertThat(paths).containsKey("/v1/videos/{id}/content");

        for (String template : paths.keySet()) {
            String path = template.replaceAll("\\{\\w+}", "x");
            Set<String> allowed = allowed(path, paths);

            // When one is asked what it has, then it says so
            assertThat(allow(given().options(path))).as("OPTIONS " + path).isEqualTo(allowed);
            for (String method : METHODS) {
                if (!allowed.contains(method)) {
                    // When it is asked for something else, then it says that as well
                    Response answer = given().request(method, path);
                    assertThat(answer.statusCode()).as(method + " " + path).isEqualTo(405);
                    assertThat(allow(answer)).as(method + " " + path).isEqualTo(allowed);
                    if (!method.equals("HEAD")) {
                        assertThat(answer.<String>path("error.code")).isEqualTo("method_not_allowed");
                    }
                }
            }
        }
    }

    @Test
    void shouldSayOfWhatIsNotThereThatItIsNot() {
        for (String path : List.of("/v1", "/v1/nothing", "/v1/videos/x/nothing", "/v1/videos/x/content/y")) {
            given().delete(path).then().statusCode(404).header("Allow", nullValue());
        }
        given().delete("/v1/videos/x/content/").then().statusCode(405).header("Allow", "GET, HEAD, OPTIONS");
    }

    /** One path may be that of several operations: what is a word to one is an id to another. */
    private static Set<String> allowed(String path, Map<String, Map<String, Object>> paths) {
        Set<String> allowed = paths.entrySet().stream()
                .filter(entry -> Pattern.matches(entry.getKey().replaceAll("\\{\\w+}", "[^/]+"), path))
                .flatMap(entry -> entry.getValue().keySet().stream())
                .map(operation -> operation.toUpperCase(Locale.ROOT))
                .filter(METHODS::contains)
                .collect(Collectors.toCollection(TreeSet::new));
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        allowed.add("OPTIONS");
        return allowed;
    }

    private static Set<String> allow(Response answer) {
        return new TreeSet<>(answer.headers().getValues("Allow").stream()
                .flatMap(value -> Pattern.compile(",\\s*").splitAsStream(value))
                .toList());
    }
}
