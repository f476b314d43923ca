package io.text2video.gateway.api.creation;

import io.text2video.common.job.InputReference;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.model.ModelCard;
import io.text2video.common.model.VideoParameters;
import io.text2video.gateway.api.bodies.StartImage;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns what a client asks for into the fleet's request, or says which field is at fault. */
final class VideoRequestMapper {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,4})x(\\d{1,4})");
    private static final Pattern SECONDS = Pattern.compile("[1-9]\\d{0,2}");
    /** As most programs that draw with diffusers say it. */
    private static final long RANDOM_SEED = -1;

    private static final int USUAL_FPS = 8;
    private static final int USUAL_FRAME_MULTIPLE = 4;

    private final CreateVideoRequest wanted;
    private final NewJob job;
    private final Optional<ModelCard> card;

    private VideoRequestMapper(CreateVideoRequest wanted, NewJob job, Optional<ModelCard> card) {
        this.wanted = wanted;
        this.job = job;
        this.card = card;
    }

    /**
     * @param sent whose image in the bucket is in the request at once
     * @param model its id; null for the preferred one
     * @param job of the request's jobs the one that it is for
     * @param card of the model that it is for; nothing when none is known, and the worker is to judge
     * @throws ApiException when a field cannot be served, or two contradict each other
     */
    static VideoRequest request(Wanted sent, String model, NewJob job, Optional<ModelCard> card) {
        CreateVideoRequest wanted = sent.fields();
        var maker = new VideoRequestMapper(wanted, job, card);
        var request = new VideoRequest(
                VideoRequest.VERSION,
                job.id(),
                model,
                wanted.prompt(),
                maker.parameters(),
                sent.image().map(VideoRequestMapper::inBucket).orElse(null),
                wanted.webhook(),
                job.time(),
                wanted.user(),
                wanted.metadata(),
                job.remixed(),
                job.tenant(),
                wanted.priority(),
                sent.inputVideo(job.id()).orElse(null));
        try {
            JsonCodec.validate(request);
        } catch (InvalidMessageException e) {
            throw ApiException.of(new SentFields(wanted).nameOf(e.field()), e);
        }
        card.ifPresent(known -> new ModelLimitsValidator(wanted, known)
                .check(request, sent.image().isPresent()));
        return request;
    }

    private static InputReference inBucket(StartImage image) {
        return image instanceof StartImage.Stored stored ? stored.reference() : null;
    }

    private VideoParameters parameters() {
        Integer width = wanted.width();
        Integer height = wanted.height();
        if (wanted.size() != null) {
            refuseBoth("size", "width", width);
            refuseBoth("size", "height", height);
            Matcher size = SIZE.matcher(wanted.size());
            if (!size.matches()) {
                throw invalid("size", "must be WIDTHxHEIGHT, such as 720x480");
            }
            width = Integer.valueOf(size.group(1));
            height = Integer.valueOf(size.group(2));
        }
        return new VideoParameters(
                wanted.negativePrompt(),
                wanted.numInferenceSteps(),
                wanted.guidanceScale(),
                wanted.useDynamicCfg(),
                wanted.eta(),
                wanted.cacheThreshold(),
                height,
                width,
                numFrames(),
                fps(),
                seed(),
                wanted.loras(),
                wanted.timesteps(),
                wanted.enhancePrompt(),
                wanted.enhancePromptRequired(),
                wanted.embedRecipe());
    }

    private Long seed() {
        Long seed = wanted.seed();
        if (seed != null && seed < RANDOM_SEED) {
            throw invalid("seed", "must be 0 or greater, or -1 for one that is drawn, not " + seed);
        }
        if (seed == null || seed == RANDOM_SEED) {
            return null;
        }
        if (seed > Long.MAX_VALUE - job.index()) {
            throw invalid("seed", "must be small enough for %d more to be there, not %d".formatted(job.index(), seed));
        }
        return seed + job.index();
    }

    private Integer numFrames() {
        if (wanted.seconds() == null) {
            return wanted.numFrames();
        }
        refuseBoth("seconds", "num_frames", wanted.numFrames());
        if (!SECONDS.matcher(wanted.seconds()).matches()) {
            throw invalid("seconds", "must be a whole number from 1 to 999, in a string");
        }
        return frames(Integer.parseInt(wanted.seconds()), fps());
    }

    /** A video lasts from its first frame to its last: as many frames after the first as come nearest. */
    private int frames(int seconds, int fps) {
        int multiple = card.map(known -> known.limits().frameMultiple()).orElse(USUAL_FRAME_MULTIPLE);
        return multiple * (int) Math.round((double) seconds * fps / multiple) + 1;
    }

    /** Whoever names seconds gets them, whichever worker takes the job. */
    private Integer fps() {
        return wanted.fps() == null && wanted.seconds() != null
                ? card.map(known -> known.defaults().fps()).orElse(USUAL_FPS)
                : wanted.fps();
    }

    private static void refuseBoth(String field, String other, Object otherValue) {
        if (otherValue != null) {
            throw invalid(field, "cannot be sent together with " + other);
        }
    }

    private static ApiException invalid(String field, String reason) {
        return ApiException.of(ApiErrorCode.INVALID_VALUE, field, field + " " + reason);
    }
}
