package io.text2video.worker.pipeline;

import io.text2video.common.model.ModelDefaults;
import io.text2video.common.model.ModelLimits;
import io.text2video.worker.config.CheckpointFiles;
import io.text2video.worker.config.GenerationConfig;
import io.text2video.worker.config.PipelineConfig;
import io.text2video.worker.scheduler.Scheduler;
import io.text2video.worker.tokenizer.T5Tokenizer;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What a checkpoint's own files say of it, known without loading its weights.
 *
 * @param pipelineClass diffusers' pipeline class
 */
public record ModelDescription(String pipelineClass, ModelDefaults defaults, ModelLimits limits) {
    /** The same, with narrower limits. */
    public ModelDescription within(ModelLimits narrower) {
        return new ModelDescription(pipelineClass, defaults, narrower);
    }

    static ModelDescription of(CheckpointFiles files) {
        GenerationConfig config = files.defaults();
        PipelineConfig pipeline = files.config();
        var defaults = new ModelDefaults(
                config.numInferenceSteps(),
                config.guidanceScale(),
                config.useDynamicCfg(),
                config.height(),
                config.width(),
                config.numFrames(),
                config.fps());
        var limits =
                GenerationRules.limits(pipeline.index(), pipeline.transformer(), pipeline.vae(), pipeline.scheduler());
        return new ModelDescription(pipeline.index().className(), defaults, limits);
    }

    /**
     * Reads a checkpoint's configs, and opens everything else that loading it would: the tokenizer, and the headers of
     * all weights. What is wrong with a checkpoint mostly shows here, at the cost of some milliseconds.
     *
     * @param options that it is to be loaded by
     * @throws io.text2video.worker.config.InvalidCheckpointException when a file is missing or malformed
     * @throws io.text2video.worker.config.UnsupportedCheckpointException when its parts do not fit each other
     * @throws io.text2video.worker.weights.InvalidSafetensorsException when weights are missing, cut off or malformed
     * @throws io.text2video.worker.quantization.QuantizationConflictException when its weights are quantized otherwise than
     *     is asked for
     * @throws UnfitComputeTypeException when its values do not fit what is to be computed in
     * @throws IOException when a file cannot be read
     */
    public static ModelDescription check(Path modelDirectory, PipelineOptions options) throws IOException {
        return check(CheckpointFiles.open(modelDirectory), options);
    }

    /** The same of a checkpoint whose files were opened before. */
    public static ModelDescription check(CheckpointFiles files, PipelineOptions options) throws IOException {
        Scheduler.of(files.config().scheduler());
        T5Tokenizer.of(files.directory()).close();
        LoadingPlan.of(files, options);
        return of(files);
    }
}
