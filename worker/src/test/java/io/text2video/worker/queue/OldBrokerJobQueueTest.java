package io.text2video.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.common.topic.QueueKind;
import io.text2video.kafka.QueueChoice;
import io.text2video.kafka.TopicInitializer;
import io.text2video.kafka.UnsupportedQueueException;
import org.junit.jupiter.api.Test;

/** The same on a broker that has no share groups. */
class OldBrokerJobQueueTest extends ConsumerGroupJobQueueTest {
    @Override
    QueueChoice choice() {
        return QueueChoice.AUTO;
    }

    @Override
    String release() {
        return "3.9";
    }

    @Test
    void shouldBeChosenByTheBrokersFeatures() {
        assertThat(prepare(pool)).isEqualTo(QueueKind.CONSUMER_GROUP);
    }

    @Test
    void shouldRefuseWhatTheBrokerDoesNotHave() {
        assertThatThrownBy(() -> TopicInitializer.initialize(config(), 2, LOCK, QueueChoice.SHARE_GROUP, pool))
                .isInstanceOf(UnsupportedQueueException.class)
                .hasMessageContaining("share.version")
                .hasMessageContaining("fleet.queue");
    }
}
