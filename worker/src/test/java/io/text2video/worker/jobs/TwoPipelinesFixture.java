package io.text2video.worker.jobs;

import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.topic.Pool;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The tiny model twice: of a worker that does not come to an end with its job, and of the one that gets it next. */
abstract class TwoPipelinesFixture extends JobRunnerFixture {
    RecordedPipeline first;
    RecordedPipeline second;

    @BeforeEach
    void load() throws IOException {
        first = new RecordedPipeline();
        second = new RecordedPipeline();
    }

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    JobRunner runner(RecordedPipeline pipeline, StopSignal signal) throws IOException {
        return runner(Pool.DEFAULT, fleet.store, signal, pipeline.shelf());
    }

    /** Keys of the states that are kept of the job. */
    List<String> checkpoints() throws IOException {
        return fleet.store.list(ObjectKeys.folder(id)).stream()
                .filter(key -> key.endsWith(ObjectKeys.CHECKPOINT))
                .toList();
    }

    /** Whether the last state up to that step is kept. */
    boolean isKept(int step) throws IOException {
        String newest = "-%05d.safetensors".formatted(step - step % CHECKPOINT_STEPS);
        return checkpoints().stream().anyMatch(key -> key.endsWith(newest));
    }
}
