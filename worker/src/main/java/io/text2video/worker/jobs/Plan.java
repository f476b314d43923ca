package io.text2video.worker.jobs;

import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.shelf.ServedModel;
import java.time.Duration;

/**
 * What a request asks for, with its image, for a model that need not be loaded.
 *
 * @param textEncoding how long the prompt was encoded ahead; zero where that is left to the generation
 */
record Plan(ServedModel model, GenerationParameters parameters, Duration textEncoding) {}
