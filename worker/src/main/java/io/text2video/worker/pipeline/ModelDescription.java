package io.text2video.worker.pipeline;

import io.text2video.common.model.InvalidGenerationException;
import io.text2video.common.model.ModelDefaults;
import io.text2video.common.model.ModelLimits;
import io.text2video.worker.config.CheckpointFiles;
import io.text2video.worker.config.GenerationConfig;
import io.text2video.worker.config.ModelIndex;
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

    /** Whether a video is drawn along a control video, as by diffusers' {@code CogVideoXFunControlPipeline}. */
    public boolean controlRequired() {
        return pipelineClass.equals(ModelIndex.FUN_CONTROL);
    }

    /** How many frames of a video of so many the VAE encodes before the first step, where it starts as the model needs it. */
    public int encodedFrames(int numFrames) {
        return controlRequired() ? numFrames : limits.imageRequired() ? 1 : 0;
    }

    /**
     * Checks whether there is a control video where the model wants one, and then nothing else that a video begins with.
     *
     * @param control whether there is one
     * @param image whether the video starts from an image
     * @param video whether it is made from another one
     * @throws InvalidGenerationException naming what is missing or too much
     */
    public void checkControl(boolean control, boolean image, boolean video) {
        if (!controlRequired()) {
            if (control) {
                throw new InvalidGenerationException(
                        "control_video",
                        "control_video cannot be used: this model draws along no other video; one of CogVideoX Fun Control"
                                + " takes one");
            }
            return;
        }
        if (image || video) {
            String field = image ? "input_reference" : "video";
            throw new InvalidGenerationException(
                    field, field + " cannot be used: this model makes a video from a control video and a prompt");
        }
        if (!control) {
            throw new InvalidGenerationException(
                    "control_video",
                    "control_video is missing: this model makes a video from a control video and a prompt");
        }
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
