package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.kernels.OutOfMemoryException;
import io.text2video.worker.plan.MemoryBudget;
import io.text2video.worker.plan.MemoryPlan;
import io.text2video.worker.plan.MemoryPlan.Way;
import io.text2video.worker.plan.PlannedVideo;
import io.text2video.worker.plan.Rung;
import io.text2video.worker.plan.Saving;
import io.text2video.worker.plan.Stage;
import io.text2video.worker.plan.StageMemory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplanningTest {
    private static final Rung SLICED = Rung.WHOLE.with(Saving.FEED_FORWARD_SLICES);
    private static final Rung SMALLEST = SLICED.with(Saving.GUIDANCE_PASSES);

    private final List<Rung> tried = new ArrayList<>();

    @Test
    void shouldRunAsPlanned() {
        assertThat(new Replanning(plan(1), () -> true).<Rung>run(this::succeed)).isEqualTo(SLICED);

        assertThat(tried).containsExactly(SLICED);
    }

    @Test
    void shouldRunOnceMoreOneRungLower() {
        Rung ran =
                new Replanning(plan(0), () -> true).run(rung -> rung.equals(Rung.WHOLE) ? fail(rung) : succeed(rung));

        assertThat(ran).isEqualTo(SLICED);
        assertThat(tried).containsExactly(Rung.WHOLE, SLICED);
    }

    @Test
    void shouldFailWhereMemoryRunsOutAgain() {
        assertThatThrownBy(() -> new Replanning(plan(0), () -> true).<Rung>run(this::fail))
                .isInstanceOf(OutOfMemoryException.class)
                .hasMessageContaining("720x480 with 49 frames")
                .hasMessageContaining(SLICED.toString());

        assertThat(tried).containsExactly(Rung.WHOLE, SLICED);
    }

    @Test
    void shouldNotRunAgainFromTheLowestRung() {
        assertThatThrownBy(() -> new Replanning(plan(2), () -> true).<Rung>run(this::fail))
                .isInstanceOf(OutOfMemoryException.class);

        assertThat(tried).containsExactly(SMALLEST);
    }

    @Test
    void shouldNotRunAgainWhereFramesWereGivenAway() {
        assertThatThrownBy(() -> new Replanning(plan(0), () -> false).<Rung>run(this::fail))
                .isInstanceOf(OutOfMemoryException.class);

        assertThat(tried).containsExactly(Rung.WHOLE);
    }

    private Rung succeed(Rung rung) {
        tried.add(rung);
        return rung;
    }

    private Rung fail(Rung rung) {
        tried.add(rung);
        throw new OutOfMemoryException("feed_forward: there is no more", null);
    }

    private static MemoryPlan plan(int chosen) {
        return new MemoryPlan(
                new PlannedVideo(480, 720, 49, true, 0, false, 0),
                new MemoryBudget(100, 100, true, "--memory"),
                List.of(way(Rung.WHOLE, 90), way(SLICED, 80), way(SMALLEST, 70)),
                chosen);
    }

    private static Way way(Rung rung, long bytes) {
        return new Way(rung, List.of(new StageMemory(Stage.DENOISE, 0, 0, 0, bytes)));
    }
}
