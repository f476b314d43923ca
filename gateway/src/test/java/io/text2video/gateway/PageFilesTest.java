package io.text2video.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.text2video.gateway.fleet.GatewayFleetResource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the page at {@code /} is made of. How it behaves, PageIT and EngineOnPageIT try in a browser. */
@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class PageFilesTest {
    private static final Pattern IN_HTML = Pattern.compile("(?:src|href)=\"([^\"#]+)\"");
    private static final Pattern IN_SCRIPT = Pattern.compile("from '\\./([^']+)'");

    @Test
    void shouldServeEachFileThatThePageNames() {
        Set<String> scripts = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>();
        for (String file : named(IN_HTML, page())) {
            assertThat(file)
                    .as("all paths are relative, for a gateway below another path")
                    .doesNotStartWith("/");
            given().get("/" + file).then().statusCode(200);
            if (file.endsWith(".js")) {
                open.add(file);
            }
        }
        while (!open.isEmpty()) {
            String script = open.remove();
            if (scripts.add(script)) {
                String text = given().get("/" + script)
                        .then()
                        .statusCode(200)
                        .contentType(containsString("javascript"))
                        .extract()
                        .asString();
                named(IN_SCRIPT, text).forEach(next -> open.add("page/" + next));
            }
        }
        assertThat(scripts).contains("page/main.js", "page/api.js", "page/grid.js");
    }

    @Test
    void shouldHaveNoScriptOrStyleInItsHtml() {
        assertThat(page())
                .contains("http-equiv=\"Content-Security-Policy\" content=\"default-src 'self';")
                .doesNotContainPattern(
                        "<script(?![^>]* src=)|<style|\\sstyle=|\\son[a-z]+=|https?://(?!www\\.w3\\.org)");
    }

    /** After an upgrade no file of the old page runs with those of the new one. */
    @Test
    void shouldBeAskedForAgainAtEachVisit() {
        String modified = given().get("/page/main.js")
                .then()
                .header("Cache-Control", containsString("max-age=0"))
                .extract()
                .header("Last-Modified");

        given().header("If-Modified-Since", modified)
                .get("/page/main.js")
                .then()
                .statusCode(304);
    }

    private static String page() {
        return given().get("/")
                .then()
                .statusCode(200)
                .contentType(startsWith("text/html"))
                .extract()
                .asString();
    }

    private static List<String> named(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).toList();
    }
}
