package io.text2video.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.text2video.common.job.BatchId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.Tenant;
import io.text2video.common.job.WebhookEvent;
import io.text2video.common.json.JsonCodec;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobProgress;
import io.text2video.gateway.jobs.Video;
import io.text2video.gateway.storage.Batch;
import io.text2video.gateway.storage.FirstAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What gateways call and keep, as each release has written it: today's read that, and still write all that is in it. A file is never
 * changed (docs/release.md).
 */
class GatewayGoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final JobId ID = JobId.parse("019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d9e0f");
    private static final Video VIDEO = Video.of(new Job(Jobs.completed(ID, 12_345), JobProgress.NONE));
    private static final Map<String, Object> FORMS = Map.of(
            "webhook-call", new WebhookCall(WebhookEvent.COMPLETED, Jobs.TIME, VIDEO),
            "first-answer", new FirstAnswer("0123456789abcdef", List.of(VIDEO), Jobs.TIME),
            "batch",
                    new Batch(
                            BatchId.parse("019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d0000"),
                            new Tenant("acme"),
                            2,
                            "0123456789abcdef",
                            Jobs.TIME));

    static Stream<Arguments> written() throws IOException {
        List<Arguments> written = new ArrayList<>();
        try (Stream<Path> releases = Files.list(GOLDEN)) {
            for (Path release : releases.filter(Files::isDirectory).toList()) {
                FORMS.forEach((name, form) -> written.add(
                        Arguments.of(release.getFileName() + " " + name, release.resolve(name + ".json"), form)));
            }
        }
        return written.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("written")
    void shouldKeepWhatEachReleaseHasWritten(String name, Path file, Object form) throws Exception {
        JsonNode today = new ObjectMapper().readTree(JsonCodec.write(form));
        if (Boolean.getBoolean("golden.renew") && !Files.exists(file)) {
            Files.write(
                    file, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(today));
        }

        assertKept(new ObjectMapper().readTree(file.toFile()), today, name);
        assertThat(JsonCodec.<Object>read(Files.readAllBytes(file), cast(form.getClass())))
                .isEqualTo(form);
    }

    private static void assertKept(JsonNode golden, JsonNode today, String place) {
        if (golden.isObject()) {
            golden.properties()
                    .forEach(field ->
                            assertKept(field.getValue(), today.path(field.getKey()), place + "/" + field.getKey()));
        } else if (golden.isArray()) {
            assertThat(today.size()).as(place).isEqualTo(golden.size());
            for (int i = 0; i < golden.size(); i++) {
                assertKept(golden.get(i), today.get(i), place + "/" + i);
            }
        } else {
            assertThat(today).as(place).isEqualTo(golden);
        }
    }

    @SuppressWarnings("unchecked")
    private static Class<Object> cast(Class<?> type) {
        return (Class<Object>) type;
    }
}
