package io.text2video.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HostLimitTest {
    private final HostLimit limit = new HostLimit(2);

    @Test
    void shouldLeaveRoomForOtherHosts() {
        assertThat(limit.enter("http://slow.example/1")).isTrue();
        assertThat(limit.enter("http://slow.example:8080/2")).isTrue();
        assertThat(limit.enter("https://slow.example/3")).isFalse();

        assertThat(limit.enter("http://other.example/")).isTrue();

        limit.leave("http://slow.example/1");
        assertThat(limit.enter("http://slow.example/4")).isTrue();
        assertThat(limit.enter("http://slow.example/5")).isFalse();
    }
}
