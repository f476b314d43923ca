package io.text2video.common.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.text2video.common.event.CloudEvents;
import io.text2video.common.lifecycle.Lineage;
import io.text2video.common.lifecycle.RetryHeaders;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes around the messages as each release has sent it: topics, keys, headers. */
class GoldenRecordsTest {
    static Stream<String> releases() throws IOException {
        return GoldenFiles.releases().stream();
    }

    static Stream<Arguments> sent() throws IOException {
        List<Arguments> sent = new ArrayList<>();
        for (String release : GoldenFiles.releases()) {
            for (Arguments record : GoldenRecords.all().toList()) {
                if (GoldenFiles.isThere(release, (String) record.get()[0])) {
                    sent.add(Arguments.of(release, record.get()[0], record.get()[1]));
                }
            }
        }
        return sent.stream();
    }

    @ParameterizedTest(name = "{1} of {0}")
    @MethodSource("sent")
    void shouldSendWhatEachReleaseReads(String release, String name, ProducerRecord<byte[], byte[]> record)
            throws Exception {
        GoldenFiles.assertKept(release, name, GoldenRecords.json(record));
    }

    @ParameterizedTest
    @MethodSource("releases")
    void shouldReadTheHeadersThatEachReleaseHasSent(String release) throws Exception {
        Headers retry = headers(release, "record-retry");
        assertThat(RetryHeaders.of(retry)).contains(GoldenRecords.RETRY);
        assertThat(Lineage.of(retry)).isEqualTo(GoldenRecords.SECOND);
        assertThat(retry.lastHeader(Lineage.FORWARDED_FROM)).isNotNull();
        assertThat(Lineage.of(headers(release, "record-retried"))).isEqualTo(GoldenRecords.SECOND);
        assertThat(CloudEvents.attribute(headers(release, "record-event"), "type"))
                .contains("video.completed");
    }

    private static Headers headers(String release, String name) throws IOException {
        JsonNode golden = GoldenFiles.read(release, name);
        return GoldenRecords.headers(golden);
    }
}
