package io.text2video.common.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each message type as each release has written it: today's fleet reads those, and they read what today's writes. */
class GoldenMessagesTest {
    static Stream<Arguments> written() throws IOException {
        List<Arguments> written = new ArrayList<>();
        for (String release : GoldenFiles.releases()) {
            for (Arguments message : GoldenMessages.all().toList()) {
                if (GoldenFiles.isThere(release, (String) message.get()[0])) {
                    written.add(Arguments.of(release, message.get()[0], message.get()[1]));
                }
            }
        }
        return written.stream();
    }

    @ParameterizedTest(name = "{1} of {0}")
    @MethodSource("written")
    void shouldReadWhatEachReleaseHasWritten(String release, String name, Object message) throws Exception {
        byte[] golden = new ObjectMapper().writeValueAsBytes(GoldenFiles.read(release, name));

        assertThat(JsonCodec.<Object>read(golden, cast(message.getClass()))).isEqualTo(message);
    }

    @ParameterizedTest(name = "{1} of {0}")
    @MethodSource("written")
    void shouldWriteWhatEachReleaseReads(String release, String name, Object message) throws Exception {
        GoldenFiles.assertKept(release, name, new ObjectMapper().readTree(JsonCodec.write(message)));
    }

    @Test
    void shouldHoldEveryMessageOfTheReleaseThatIsBeingMade() throws Exception {
        Set<String> names = GoldenMessages.all()
                .map(message -> (String) message.get()[0])
                .collect(Collectors.toCollection(TreeSet::new));
        GoldenRecords.all().forEach(record -> names.add((String) record.get()[0]));

        assertThat(GoldenFiles.newest()).isEqualTo(GoldenFiles.version());
        assertThat(GoldenFiles.names(GoldenFiles.newest())).isEqualTo(names);
        for (String release : GoldenFiles.releases()) {
            assertThat(names).as("what %s wrote", release).containsAll(GoldenFiles.names(release));
        }
    }

    @Test
    void shouldBeWhatTheDocsShow() throws Exception {
        String page = Files.readString(Path.of("../docs/04-kafka.md"));
        List<JsonNode> shown = new ArrayList<>();
        Matcher block = Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL).matcher(page);
        while (block.find()) {
            JsonNode json = new ObjectMapper().readTree(block.group(1));
            if (json.path("type").asText().equals("video.completed") || json.has("announced_at")) {
                shown.add(json);
            }
        }

        assertThat(shown)
                .containsExactly(
                        GoldenFiles.read(GoldenFiles.newest(), "event-completed"),
                        GoldenFiles.read(GoldenFiles.newest(), "model-card"));
    }

    @SuppressWarnings("unchecked")
    private static Class<Object> cast(Class<?> type) {
        return (Class<Object>) type;
    }
}
