package io.text2video.gateway.api.creation;

import io.text2video.common.job.VideoReference;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.GenerationSize;
import io.text2video.common.model.GenerationTooLargeException;
import io.text2video.common.model.InvalidGenerationException;
import io.text2video.common.model.LoraScale;
import io.text2video.common.model.ModelCard;
import io.text2video.common.model.ModelDefaults;
import io.text2video.common.model.Strength;
import io.text2video.common.model.VideoParameters;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import java.util.List;
import java.util.Objects;

/** Refuses what a model cannot serve, in the client's terms. What the client leaves out counts as the model's own. */
final class ModelLimitsValidator {
    private final CreateVideoRequest wanted;
    private final ModelCard card;

    ModelLimitsValidator(CreateVideoRequest wanted, ModelCard card) {
        this.wanted = wanted;
        this.card = card;
    }

    /**
     * @param image whether it comes with one
     * @throws ApiException naming the field at fault and the nearest valid value
     */
    void check(VideoRequest request, boolean image) {
        VideoParameters sent = request.parameters();
        VideoParameters parameters = sent.with(card.loraRecipes());
        ModelDefaults defaults = card.defaults();
        VideoReference video = request.inputVideo();
        boolean extended = video != null && video.extend();
        boolean edited = video != null && video.edit();
        try {
            if (extended) {
                card.limits().checkExtension();
            }
            card.limits().checkControl(video != null && !extended && !edited, image || extended, edited);
            if (edited) {
                card.limits().checkVideo();
                Strength.check(video.strengthOrDefault(), parameters.steps(defaults));
            }
            card.limits().checkImage(image || extended);
            GenerationSize size = parameters.size(defaults);
            GenerationSize least =
                    video == null ? size : video.least(size, parameters.numFrames() != null, card.limits());
            card.limits().check(size.height(), size.width(), least.numFrames(), size.numInferenceSteps());
            card.limits().checkTimesteps(parameters.timesteps(), size.numInferenceSteps());
            if (card.cost() != null) {
                card.cost().check(least, defaults, card.limits());
            }
        } catch (InvalidGenerationException e) {
            throw refusal(e);
        }
        checkEnhancement(sent);
        checkLoras(Objects.requireNonNullElse(sent.loras(), List.of()));
    }

    private ApiException refusal(InvalidGenerationException e) {
        String field = blamed(e.field());
        var sent = new SentFields(wanted);
        String name = sent.nameOf(field);
        String message = name.equals(field)
                ? e.getMessage()
                : "%s %s cannot be served: %s".formatted(name, sent.valueOf(name), e.getMessage());
        ApiErrorCode code =
                e instanceof GenerationTooLargeException ? ApiErrorCode.JOB_TOO_LARGE : ApiErrorCode.INVALID_VALUE;
        return ApiException.of(code, name, message);
    }

    /**
     * What was sent: a size can be so large that even the model's own number of frames is too many, and one side so long that
     * the model's own other one is.
     */
    private String blamed(String field) {
        boolean framesSent = wanted.numFrames() != null || wanted.seconds() != null;
        boolean heightSent = wanted.height() != null || wanted.size() != null;
        boolean widthSent = wanted.width() != null || wanted.size() != null;
        return switch (field) {
            case "num_frames" -> framesSent ? field : heightSent ? "height" : "width";
            case "height" -> heightSent || !widthSent ? field : "width";
            case "width" -> widthSent || !heightSent ? field : "height";
            default -> field;
        };
    }

    private void checkEnhancement(VideoParameters sent) {
        if (sent.wantsEnhancement() && !card.enhancesPrompts()) {
            String field = Boolean.TRUE.equals(sent.enhancePrompt()) ? "enhance_prompt" : "enhance_prompt_required";
            throw ApiException.of(
                    ApiErrorCode.ENHANCEMENT_NOT_CONFIGURED,
                    field,
                    "%s cannot be served: the workers of %s have no language model (WORKER_ENHANCER_URL); leave it out"
                            .formatted(field, card.id()));
        }
    }

    private void checkLoras(List<LoraScale> loras) {
        for (LoraScale lora : loras) {
            if (!card.loras().contains(lora.id())) {
                String known = card.loras().isEmpty() ? "it has none" : "it has " + String.join(", ", card.loras());
                throw ApiException.of(
                        ApiErrorCode.INVALID_VALUE,
                        "loras",
                        "loras names %s, which the model %s does not have; %s".formatted(lora.id(), card.id(), known));
            }
        }
    }
}
