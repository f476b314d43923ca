package io.text2video.common.topic;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The topics that an operator of Kafka makes ({@code k8s/components/kafka}) are those that the fleet would. */
class TopicManifestsTest {
    private static final Path MANIFESTS = Path.of("../k8s/components/kafka/topics.yaml");
    private static final Path FLEET = Path.of("../k8s/base/fleet.yaml");
    private static final Pattern NAME = Pattern.compile("(?m)^  name: (\\S+)$");
    private static final Pattern PARTITIONS = Pattern.compile("(?m)^  partitions: (\\d+)$");
    private static final Pattern SETTING = Pattern.compile("(?m)^    ([a-z.]+\\.[a-z.]+): (\\S+)$");
    private static final Pattern USUAL_PARTITIONS = Pattern.compile("FLEET_PARTITIONS: \"(\\d+)\"");

    @Test
    void shouldNameEveryTopic() throws IOException {
        assertThat(manifests())
                .containsKeys(
                        Arrays.stream(Topic.values()).map(Topic::topicName).toArray(String[]::new));
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void shouldConfigureATopicAsTheFleetDoes(Topic topic) throws IOException {
        // Given
        String manifest = manifests().get(topic.topicName());
        int usual = Integer.parseInt(first(USUAL_PARTITIONS, Files.readString(FLEET)));

        // When
        Map<String, String> settings = SETTING.matcher(manifest)
                .results()
                .collect(toMap(setting -> setting.group(1), setting -> setting.group(2)));

        // Then
        assertThat(settings).isEqualTo(topic.configuration());
        assertThat(first(PARTITIONS, manifest))
                .isEqualTo(Integer.toString(topic.partitions(usual, QueueKind.SHARE_GROUP)));
    }

    private static Map<String, String> manifests() throws IOException {
        return Stream.of(Files.readString(MANIFESTS).split("(?m)^---$"))
                .collect(toMap(manifest -> first(NAME, manifest), manifest -> manifest));
    }

    private static String first(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .findFirst()
                .map(found -> found.group(1))
                .orElseThrow(() -> new AssertionError(pattern + " in none of\n" + text));
    }
}
