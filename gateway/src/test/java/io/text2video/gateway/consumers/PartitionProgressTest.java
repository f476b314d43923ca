package io.text2video.gateway.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.gateway.consumers.PartitionProgress.Step;
import java.time.Instant;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionProgressTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    /** What a broker takes as a commit's metadata: the default of {@code offset.metadata.max.bytes}. */
    private static final int METADATA_BYTES = 4096;

    private final PartitionProgress progress = PartitionProgress.from(10, PartitionProgress.MOST_OPEN);

    @Test
    void shouldCommitUpToTheFirstThatIsNotFinished() {
        takeAll(10, 14);

        progress.finish(12);
        assertThat(progress.commit().offset()).isEqualTo(10);
        progress.finish(10);
        assertThat(progress.commit().offset()).isEqualTo(11);
        progress.finish(11);
        assertThat(progress.commit().offset()).isEqualTo(13);
        progress.finish(13);

        assertThat(progress.commit()).isEqualTo(new OffsetAndMetadata(14, ""));
    }

    @Test
    void shouldTellTheNextOwnerWhatIsFinishedBehindOneThatWaits() {
        // Given a record that waits, and of those behind it all but one finished
        takeAll(10, 100);
        progress.waitUntil(10, NOW.plusSeconds(3600));
        for (long offset = 11; offset < 100; offset++) {
            if (offset != 50) {
                progress.finish(offset);
            }
        }

        // When another takes over what was committed
        PartitionProgress next = PartitionProgress.from(progress.commit(), PartitionProgress.MOST_OPEN);

        // Then it is handed what is not finished, and what comes anew
        assertThat(next.position()).isEqualTo(10);
        for (long offset = 10; offset < 102; offset++) {
            boolean open = offset == 10 || offset == 50 || offset >= 100;
            assertThat(next.take(offset, NOW)).isEqualTo(open ? Step.HAND_OVER : Step.SKIP);
        }
    }

    @Test
    void shouldWantARecordAgainWhenItIsDue() {
        Instant due = NOW.plusSeconds(60);
        takeAll(10, 20);
        progress.waitUntil(15, due);
        assertThat(progress.earliestDue()).isEqualTo(due);

        assertThat(progress.wanted(due.minusMillis(1))).hasValue(20);
        assertThat(progress.take(15, due.minusMillis(1))).isEqualTo(Step.SKIP);

        assertThat(progress.wanted(due)).hasValue(15);
        progress.seek(15);
        assertThat(progress.take(15, due)).isEqualTo(Step.HAND_OVER);
        assertThat(progress.take(16, due)).isEqualTo(Step.SKIP);
        assertThat(progress.wanted(due)).hasValue(20);
    }

    @Test
    void shouldPassOverWhatRetentionHasRemoved() {
        takeAll(10, 20);
        for (long offset = 10; offset < 20; offset++) {
            progress.waitUntil(offset, NOW);
        }

        // When it goes back to the first and finds the broker's log to begin behind it
        progress.seek(10);
        assertThat(progress.take(17, NOW)).isEqualTo(Step.HAND_OVER);

        assertThat(progress.commit().offset()).isEqualTo(17);
    }

    @Test
    void shouldMoveTheOldestThatWaitWhenTooManyAreOpen() {
        PartitionProgress small = PartitionProgress.from(0, 8);
        for (long offset = 0; offset < 8; offset++) {
            small.take(offset, NOW);
            small.waitUntil(offset, NOW.plusSeconds(60));
        }
        assertThat(small.take(8, NOW)).isEqualTo(Step.SKIP);

        assertThat(small.wanted(NOW)).hasValue(0);
        small.seek(0);
        assertThat(small.take(0, NOW)).isEqualTo(Step.MOVE);
        assertThat(small.take(1, NOW)).isEqualTo(Step.MOVE);
        assertThat(small.take(2, NOW)).isEqualTo(Step.SKIP);
        assertThat(small.wanted(NOW)).isEmpty();

        small.finish(0);
        assertThat(small.wanted(NOW)).hasValue(8);
        small.seek(8);
        assertThat(small.take(8, NOW)).isEqualTo(Step.HAND_OVER);
    }

    @Test
    void shouldFitIntoTheMetadataOfACommit() {
        takeAll(10, 10 + PartitionProgress.MOST_OPEN);
        assertThat(progress.take(10 + PartitionProgress.MOST_OPEN, NOW)).isEqualTo(Step.SKIP);

        for (long offset = 11; offset < 10 + PartitionProgress.MOST_OPEN; offset++) {
            progress.finish(offset);
        }

        assertThat(progress.commit().metadata()).hasSizeLessThan(METADATA_BYTES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "somebody else's", "finished=", "finished=!!"})
    void shouldBeginAtACommitThatSaysNoMore(String metadata) {
        PartitionProgress next =
                PartitionProgress.from(new OffsetAndMetadata(5, metadata), PartitionProgress.MOST_OPEN);

        assertThat(next.position()).isEqualTo(5);
        assertThat(next.take(5, NOW)).isEqualTo(Step.HAND_OVER);
        assertThat(next.take(6, NOW)).isEqualTo(Step.HAND_OVER);
    }

    private void takeAll(long from, long to) {
        for (long offset = from; offset < to; offset++) {
            assertThat(progress.take(offset, NOW)).isEqualTo(Step.HAND_OVER);
        }
    }
}
