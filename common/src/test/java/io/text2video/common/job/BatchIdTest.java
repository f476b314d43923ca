package io.text2video.common.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BatchIdTest {
    private static final String ID = "019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d0000";

    @Test
    void shouldNameTheJobOfEachLine() {
        BatchId batch = BatchId.parse(ID);

        assertThat(batch.job(1)).isEqualTo(JobId.parse("019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d0001"));
        assertThat(batch.job(10_000)).isEqualTo(JobId.parse("019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d2710"));
        assertThat(batch.has(batch.job(10_000))).isTrue();
        assertThat(BatchId.next().has(batch.job(1))).isFalse();
        assertThatThrownBy(() -> batch.job(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> batch.job(65_536)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldBeTheSameForTheSameName() {
        String hash = "ffffffffffffffffffffffffffffffffffffffff";

        BatchId named = BatchId.named(hash);

        assertThat(named).hasToString("ffffffff-ffff-8fff-bfff-ffffffff0000").isEqualTo(BatchId.named(hash));
        assertThat(BatchId.parse(named.toString())).isEqualTo(named);
        assertThat(BatchId.named("0".repeat(32))).hasToString("00000000-0000-8000-8000-000000000000");
    }

    @Test
    void shouldRefuseWhatIsNone() {
        assertThatThrownBy(() -> BatchId.parse("019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d0001"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0000");
        assertThatThrownBy(() -> BatchId.parse("batch_1")).isInstanceOf(IllegalArgumentException.class);
    }
}
