package io.text2video.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class PublicationExceptionTest {
    @Test
    void shouldTellARetriableFailureFromAnother() {
        assertThat(PublicationException.isRetriable(new IllegalStateException(new TimeoutException("late"))))
                .isTrue();
        assertThat(PublicationException.isRetriable(new KafkaException(new TimeoutException("late"))))
                .isTrue();
        assertThat(PublicationException.isRetriable(new java.util.concurrent.TimeoutException()))
                .isTrue();
        assertThat(PublicationException.isRetriable(new IllegalStateException(new RecordTooLargeException("large"))))
                .isFalse();
    }

    @Test
    void shouldTellARecordThatIsTooLarge() {
        assertThat(PublicationException.isTooLarge(new KafkaException(new RecordTooLargeException("large"))))
                .isTrue();
        assertThat(PublicationException.isTooLarge(new IllegalStateException(new TimeoutException("late"))))
                .isFalse();
    }
}
