package io.text2video.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.Test;

class VideoPageTest {
    private static final Instant BEGINS = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void shouldTellWhereAQueuedJobIs() throws Exception {
        String begins = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss")
                .withZone(ZoneId.systemDefault())
                .format(BEGINS);

        assertThat(page(
                        """
                {"id": "1", "status": "queued", "queue_position": 2, "estimated_start_at": %d, "estimated_seconds": 90.25}"""
                                .formatted(BEGINS.getEpochSecond())))
                .contains("queue    2 before it", "begins   " + begins, "takes    90.3 s, by estimate");
    }

    @Test
    void shouldNotPretendToKnowWhenItBegins() throws Exception {
        assertThat(page("{\"id\": \"1\", \"status\": \"queued\", \"queue_position\": 0, \"estimated_start_at\": null}"))
                .contains("queue    0 before it", "begins   -")
                .noneMatch(line -> line.startsWith("takes"));
    }

    @Test
    void shouldTellNothingOfAQueueThatItHasLeft() throws Exception {
        assertThat(
                        page(
                                "{\"id\": \"1\", \"status\": \"completed\", \"queue_position\": null, \"estimated_seconds\": 2.0}"))
                .contains("takes    2.0 s, by estimate")
                .noneMatch(line -> line.startsWith("queue") || line.startsWith("begins"));
    }

    private static List<String> page(String video) throws Exception {
        var out = new StringWriter();
        new VideoPage(new PrintWriter(out, true)).one(new ObjectMapper().readTree(video));
        return out.toString().lines().toList();
    }
}
