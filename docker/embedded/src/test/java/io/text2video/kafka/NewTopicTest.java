package io.text2video.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.topic.QueueKind;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeConfigsResult;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A topic that was made a moment ago. */
@Tag("slow")
class NewTopicTest {
    private static final Duration LOCK = Duration.ofSeconds(30);

    @TempDir
    Path data;

    /** Is told once that a topic is not known. */
    private static final class TooEarly extends ForwardingAdmin {
        private int questions;

        TooEarly(Map<String, Object> kafka) {
            super(kafka);
        }

        @Override
        public DescribeConfigsResult describeConfigs(
                Collection<ConfigResource> resources, DescribeConfigsOptions options) {
            boolean isFirst = questions++ == 0;
            return super.describeConfigs(
                    isFirst ? List.of(new ConfigResource(ConfigResource.Type.TOPIC, "unknown")) : resources, options);
        }
    }

    @Test
    void shouldBeAskedForUntilItsBrokerKnowsIt() throws Exception {
        try (var broker = new EmbeddedKafka(data, 0)) {
            Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
            TopicInitializer.initialize(kafka, 2, LOCK);
            try (var admin = new TooEarly(kafka)) {
                var result = TopicVerifier.verify(
                        admin,
                        TopicVerifier.servers(kafka),
                        2,
                        LOCK,
                        QueueKind.SHARE_GROUP,
                        Set.of(Topic.JOBS.topicName()));

                assertThat(result.topics()).contains(Topic.JOBS.topicName());
                // The topics' settings twice, the broker's once
                assertThat(admin.questions).isEqualTo(3);
            }
        }
    }
}
