package io.text2video.gateway.storage;

import io.text2video.common.job.BatchId;
import io.text2video.common.job.Tenant;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;

/**
 * A batch that was accepted.
 *
 * @param tenant whose it is, and its jobs
 * @param requests how many, numbered from 1
 * @param content what distinguishes its requests from others: a hash of what the client sent
 */
public record Batch(
        @NotNull BatchId id,
        @NotNull Tenant tenant,
        @Min(1) int requests,
        @NotNull String content,
        @NotNull Instant createdAt) {}
