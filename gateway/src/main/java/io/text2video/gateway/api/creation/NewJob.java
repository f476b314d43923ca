package io.text2video.gateway.api.creation;

import io.text2video.common.job.JobId;
import io.text2video.common.job.Tenant;
import java.time.Instant;

/**
 * What a job has that nobody asks for by name.
 *
 * @param time when it was asked for
 * @param index its place among the jobs of its request, 0 for the first
 * @param remixed the job that it is a remix of; null for none
 * @param tenant whose it is
 */
record NewJob(JobId id, Instant time, int index, JobId remixed, Tenant tenant) {}
