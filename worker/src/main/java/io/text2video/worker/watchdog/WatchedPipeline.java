package io.text2video.worker.watchdog;

import io.text2video.common.model.LoraScale;
import io.text2video.common.model.ModelCost;
import io.text2video.worker.kernels.DeviceFailedException;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.pipeline.FrameSink;
import io.text2video.worker.pipeline.Generation;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.LatentPreviewSink;
import io.text2video.worker.pipeline.Provenance;
import io.text2video.worker.pipeline.StepListener;
import io.text2video.worker.pipeline.Truncation;
import io.text2video.worker.pipeline.VideoPipeline;
import io.text2video.worker.state.Checkpoints;
import io.text2video.worker.state.GenerationState;
import io.text2video.worker.state.SavedState;
import io.text2video.worker.state.UnusableStateException;
import java.util.List;
import java.util.Optional;

/**
 * A pipeline whose generations make progress with every kernel, every step and every chunk of frames, and must: however long a
 * step takes, one kernel of it takes no minutes. Who is told of a step may wait for a broker or a store; who is given frames
 * may not wait for long.
 */
final class WatchedPipeline implements VideoPipeline {
    private final VideoPipeline pipeline;
    private final Watchdog watchdog;
    private final DeviceFailure deviceFailure;

    WatchedPipeline(VideoPipeline pipeline, Watchdog watchdog, DeviceFailure deviceFailure) {
        this.pipeline = pipeline;
        this.watchdog = watchdog;
        this.deviceFailure = deviceFailure;
    }

    @Override
    public Truncation truncation(String prompt) {
        return pipeline.truncation(prompt);
    }

    @Override
    public void validate(GenerationParameters parameters) {
        pipeline.validate(parameters);
    }

    @Override
    public Optional<ModelCost> cost() {
        try (var watch = watchdog.begin("timing")) {
            return pipeline.cost();
        } catch (DeviceFailedException e) {
            deviceFailure.happen(e);
            throw e;
        }
    }

    @Override
    public Optional<Provenance> provenance(List<LoraScale> loras) {
        return pipeline.provenance(loras);
    }

    @Override
    public void prepare(GenerationParameters parameters, Interruption interruption) {
        try (var watch = watchdog.begin("text encoding")) {
            pipeline.prepare(parameters, watched(interruption, watch));
        } catch (DeviceFailedException e) {
            deviceFailure.happen(e);
            throw e;
        }
    }

    @Override
    public Generation generate(
            GenerationParameters parameters,
            Checkpoints checkpoints,
            Interruption interruption,
            StepListener listener,
            FrameSink frames) {
        return generate(parameters, checkpoints, interruption, listener, LatentPreviewSink.NONE, frames);
    }

    @Override
    public Generation generate(
            GenerationParameters parameters,
            Checkpoints checkpoints,
            Interruption interruption,
            StepListener listener,
            LatentPreviewSink previews,
            FrameSink frames) {
        try (var watch = watchdog.begin("generation")) {
            return pipeline.generate(
                    parameters,
                    checkpoints == Checkpoints.NONE ? checkpoints : new RestingCheckpoints(checkpoints, watch),
                    watched(interruption, watch),
                    (step, steps) -> {
                        watch.rest();
                        listener.onStep(step, steps);
                        watch.progress();
                    },
                    previews,
                    chunk -> {
                        watch.progress();
                        frames.accept(chunk);
                        watch.progress();
                    });
        } catch (DeviceFailedException e) {
            deviceFailure.happen(e);
            throw e;
        }
    }

    private static Interruption watched(Interruption interruption, Watchdog.Watch watch) {
        return kernel -> {
            interruption.check(kernel);
            watch.progress(kernel);
        };
    }

    @Override
    public void close() {
        pipeline.close();
    }

    /** Looking for a state to go on from may wait for the store. */
    private record RestingCheckpoints(Checkpoints checkpoints, Watchdog.Watch watch) implements Checkpoints {
        @Override
        public Optional<SavedState> newest(String computation, int below) {
            watch.rest();
            try {
                return checkpoints.newest(computation, below);
            } finally {
                watch.progress();
            }
        }

        @Override
        public void resumed(int step, int steps) {
            checkpoints.resumed(step, steps);
        }

        @Override
        public void refused(SavedState state, UnusableStateException reason) {
            checkpoints.refused(state, reason);
        }

        @Override
        public boolean isDue(int step, int steps) {
            return checkpoints.isDue(step, steps);
        }

        @Override
        public void save(GenerationState state) {
            checkpoints.save(state);
        }
    }
}
