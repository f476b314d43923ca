package io.text2video.common.job;

import com.fasterxml.jackson.annotation.JsonValue;
import io.text2video.common.model.GenerationSize;
import io.text2video.common.model.ModelLimits;
import io.text2video.common.model.Strength;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Locale;
import java.util.Objects;

/**
 * A video that another one is made from, or drawn along.
 *
 * @param key of an object in the fleet's bucket: MP4, MOV, WebM, Matroska, AVI or GIF of at most {@value #MAX_BYTES} bytes
 * @param operation what is made of it; null for {@link Operation#EDIT}, which is not named
 * @param strength how far an edit is from it, above 0, to 1: that share of the steps is taken; null for {@value
 *     Strength#DEFAULT}, and for all but edits
 */
public record VideoReference(
        @NotNull @Size(max = 512) @Pattern(regexp = InputReference.KEY, message = InputReference.KEY_MESSAGE)
                String key,
        Operation operation,
        @DecimalMin(value = "0", inclusive = false, message = "must be greater than {value}")
                @DecimalMax(value = "1", message = "must be less than or equal to {value}")
                Double strength) {
    /** The largest file, in bytes. */
    public static final long MAX_BYTES = 64L << 20;

    public VideoReference {
        operation = operation == Operation.EDIT ? null : operation;
    }

    /** What is made of the other video. */
    public enum Operation {
        /** Its frames drawn anew, by the prompt and a strength, with a text-to-video model. */
        EDIT,
        /** Its frames and then new ones, which go on from its last, with an image-to-video model. */
        EXTEND,
        /** A video drawn along its frames, of poses, edges or the like, with a Fun Control model. */
        CONTROL;

        /** The name in JSON: {@code edit}. */
        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What is made of it. */
    public Operation operationOrDefault() {
        return Objects.requireNonNullElse(operation, Operation.EDIT);
    }

    /** Whether its frames are drawn anew. */
    public boolean edit() {
        return operation == null;
    }

    /** Whether the new video goes on where this one ends. */
    public boolean extend() {
        return operation == Operation.EXTEND;
    }

    /**
     * What is drawn at least, whatever the file has: of an extension the frames that are new, of an edit the steps that its
     * strength leaves.
     *
     * @param asked what the request comes to
     * @param counted whether it says how many frames the finished video is to have; else {@code asked} has the model's own
     */
    public GenerationSize least(GenerationSize asked, boolean counted, ModelLimits limits) {
        if (extend()) {
            return counted ? asked.withNumFrames(limits.frameMultiple() + 1) : asked;
        }
        GenerationSize drawn = taken(asked);
        return counted ? drawn : drawn.withNumFrames(1);
    }

    /** The same, but of an edit the steps that its strength leaves. */
    public GenerationSize taken(GenerationSize asked) {
        return edit()
                ? asked.withNumInferenceSteps(Strength.steps(strengthOrDefault(), asked.numInferenceSteps()))
                : asked;
    }

    /** How far an edit is from it. */
    public double strengthOrDefault() {
        return Objects.requireNonNullElse(strength, Strength.DEFAULT);
    }
}
