package io.text2video.common.job;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Why a job failed. Codes are only added; a reader takes one it does not know for {@link #INTERNAL_ERROR}. */
public enum ErrorCode {
    /** A parameter that the model cannot serve; {@code param} names it. */
    INVALID_PARAMETER,
    /** The model could draw it, but it is larger than the fleet lets one job be; {@code param} names what makes it so. */
    JOB_TOO_LARGE,
    /** No worker of this fleet has the model. */
    UNKNOWN_MODEL,
    /** The object store did not take the video. */
    STORAGE_ERROR,
    /** The video takes more memory than the worker has; a smaller one, or another worker, may do. */
    OUT_OF_MEMORY,
    /** The video came out infinite, NaN or black all over: the model does not fit what the worker computes in. */
    NON_FINITE_OUTPUT,
    /** The prompt was to be enhanced, and the language model gave nothing that can be drawn. */
    PROMPT_NOT_ENHANCED,
    /** Worker after worker died of it; the request is among the dead letters. */
    ATTEMPTS_EXHAUSTED,
    /** A fault of the fleet's own. */
    @JsonEnumDefaultValue
    INTERNAL_ERROR;

    /** The name in JSON: {@code invalid_parameter}. */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
