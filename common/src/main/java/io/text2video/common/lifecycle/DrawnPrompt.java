package io.text2video.common.lifecycle;

import io.text2video.common.model.VideoParameters;
import jakarta.validation.constraints.Size;

/**
 * What attempts at a job draw whose prompt was to be enhanced: fixed by the first of them, so that all give one video.
 *
 * @param enhanced null where that failed, and the job's own prompt is drawn
 */
public record DrawnPrompt(@Size(max = VideoParameters.MAX_PROMPT) String enhanced) {}
