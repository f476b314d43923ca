package io.text2video.worker.jobs;

import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.VideoPipeline;

/**
 * All that one video takes.
 *
 * @param model the id that the fleet knows the pipeline's model by
 * @param parameters valid for the pipeline
 */
record Assignment(String model, VideoPipeline pipeline, GenerationParameters parameters) {}
