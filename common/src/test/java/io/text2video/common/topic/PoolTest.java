package io.text2video.common.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class PoolTest {
    @Test
    void shouldNameTopicAndGroupAfterThePool() {
        var pool = new Pool("image-5b");

        assertThat(pool.topic()).isEqualTo("video.requests.image-5b");
        assertThat(pool.group()).isEqualTo("video-workers.image-5b");
        assertThat(Pool.ofTopic(pool.topic())).contains(pool);
    }

    @Test
    void shouldLeaveTheDefaultPoolItsNames() {
        assertThat(Pool.DEFAULT.topic()).isEqualTo("video.requests");
        assertThat(Pool.DEFAULT.group()).isEqualTo("video-workers");
        assertThat(Pool.ofTopic("video.requests")).contains(Pool.DEFAULT);
        assertThat(new Pool("default")).isEqualTo(Pool.DEFAULT);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"A", "-a", "a-", "a.b", "a_b", "a b", "a\n"})
    void shouldRefuseANameThatIsNone(String name) {
        assertThatThrownBy(() -> new Pool(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + name + "\"");
    }

    @Test
    void shouldRefuseANameThatIsTooLong() {
        assertThat(new Pool("a".repeat(63)).topic()).hasSize(15 + 63);
        assertThatThrownBy(() -> new Pool("a".repeat(64))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldTakeNoOtherTopicForAPools() {
        assertThat(Arrays.stream(Topic.values()).filter(topic -> topic != Topic.REQUESTS))
                .allSatisfy(topic -> assertThat(Pool.ofTopic(topic.topicName())).isEmpty());
        assertThat(Pool.ofTopic("video.requests.")).isEmpty();
        assertThat(Pool.ofTopic("video.requests.default")).isEmpty();
        assertThat(Pool.ofTopic("video.requests.A")).isEmpty();
        assertThat(Pool.ofTopic("payments")).isEmpty();
    }
}
