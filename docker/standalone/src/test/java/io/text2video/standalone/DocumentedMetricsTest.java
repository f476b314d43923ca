package io.text2video.standalone;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The table of metrics in the docs, beside what a running gateway and worker have. */
@Tag("slow")
@QuarkusTest
@QuarkusTestResource(StandaloneFleetResource.class)
class DocumentedMetricsTest {
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(text2video_\\w+)` \\| (\\w+) \\| ?([^|]*)\\| ([^|]*) \\|");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (text2video_\\w+) (\\w+)$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

    /** @param labels by name, without a bucket's end */
    private record Metric(String type, Set<String> labels) {}

    @Test
    void shouldHaveWhatTheDocsListAndNothingElse() throws Exception {
        Map<String, Metric> listed = listed();

        // Those of the worker and of the pools come when these do.
        Awaitility.await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> assertThat(exposed(scrape()))
                .containsExactlyInAnyOrderEntriesOf(listed));
    }

    /** What this machine has. */
    private static Map<String, Metric> listed() throws IOException {
        return ROW.matcher(Files.readString(Launched.HOME.resolve("docs/10-metrics-and-traces.md")))
                .results()
                .filter(row -> !row.group(4).contains("GPU"))
                .collect(Collectors.toMap(
                        row -> row.group(1), row -> new Metric(row.group(2), names("`(\\w+)`", row.group(3)))));
    }

    private static Map<String, Metric> exposed(String text) {
        Map<String, Metric> found = new TreeMap<>();
        TYPE.matcher(text).results().forEach(type -> found.put(type.group(1), metric(text, type)));
        found.keySet()
                .removeIf(name -> name.endsWith("_max") && found.containsKey(name.substring(0, name.length() - 4)));
        return found;
    }

    private static Metric metric(String text, MatchResult type) {
        Pattern sample = Pattern.compile("(?m)^" + type.group(1) + "(_bucket|_sum|_count)?\\{([^}]*)}");
        Set<String> labels = sample.matcher(text)
                .results()
                .flatMap(line -> names(LABEL.pattern(), line.group(2)).stream())
                .filter(label -> !label.equals("le"))
                .collect(Collectors.toCollection(TreeSet::new));
        return new Metric(type.group(2), labels);
    }

    private static Set<String> names(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(name -> name.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String scrape() {
        String port = ConfigProvider.getConfig().getValue("quarkus.management.test-port", String.class);
        return given().accept("text/plain")
                .get("http://localhost:%s/q/metrics".formatted(port))
                .asString();
    }
}
