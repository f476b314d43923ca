package io.text2video.worker.jobs;

import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobError;
import io.text2video.common.model.InvalidGenerationException;
import io.text2video.worker.kernels.OutOfMemoryException;
import io.text2video.worker.pipeline.NonFiniteOutputException;
import io.text2video.worker.plan.InsufficientMemoryException;

/** What people and programs are told about a failure. */
final class JobErrors {
    private JobErrors() {}

    static JobError of(Throwable failure) {
        if (failure instanceof InvalidGenerationException invalid) {
            return new JobError(ErrorCode.INVALID_PARAMETER, invalid.getMessage(), invalid.field());
        }
        if (failure instanceof UnknownModelException) {
            return new JobError(ErrorCode.UNKNOWN_MODEL, failure.getMessage(), "model");
        }
        if (failure instanceof NonFiniteOutputException) {
            return new JobError(ErrorCode.NON_FINITE_OUTPUT, failure.getMessage(), null);
        }
        if (failure instanceof StorageException) {
            return new JobError(ErrorCode.STORAGE_ERROR, failure.getMessage(), null);
        }
        if (failure instanceof InsufficientMemoryException || failure instanceof OutOfMemoryException) {
            return new JobError(ErrorCode.OUT_OF_MEMORY, failure.getMessage(), null);
        }
        if (failure instanceof OutOfMemoryError) {
            return new JobError(
                    ErrorCode.OUT_OF_MEMORY,
                    "Java's heap is too small for this video: %s; ask for a smaller one, or start with a larger -Xmx"
                            .formatted(failure.getMessage()),
                    null);
        }
        return internal("%s: %s".formatted(failure.getClass().getSimpleName(), failure.getMessage()));
    }

    static JobError internal(String message) {
        return new JobError(ErrorCode.INTERNAL_ERROR, message, null);
    }
}
