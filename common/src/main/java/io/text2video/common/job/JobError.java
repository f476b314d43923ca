package io.text2video.common.job;

import jakarta.validation.constraints.NotNull;

/**
 * Why a job failed.
 *
 * @param code for programs
 * @param message for people: the offending value and the way out
 * @param param the request's field at fault, or null
 */
public record JobError(@NotNull ErrorCode code, @NotNull String message, String param) {}
