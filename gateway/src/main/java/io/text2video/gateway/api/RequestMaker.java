package io.text2video.gateway.api;

import io.text2video.common.job.JobId;
import io.text2video.common.job.VideoParameters;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.Messages;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns what a client asks for into the fleet's request, or says which field is at fault. */
final class RequestMaker {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,4})x(\\d{1,4})");
    private static final Pattern SECONDS = Pattern.compile("[1-9]\\d{0,2}");
    private static final int USUAL_FPS = 8;
    private static final String PARAMETERS = "parameters.";

    private final NewVideo wanted;

    private RequestMaker(NewVideo wanted) {
        this.wanted = wanted;
    }

    /** @throws ApiException when a field cannot be served by any model, or two contradict each other */
    static VideoRequest request(NewVideo wanted, JobId id, Instant now) {
        var maker = new RequestMaker(wanted);
        var request = new VideoRequest(
                VideoRequest.VERSION,
                id,
                wanted.model(),
                wanted.prompt(),
                maker.parameters(),
                null,
                wanted.webhook(),
                now);
        try {
            return Messages.validate(request);
        } catch (InvalidMessageException e) {
            throw InvalidField.refusal(maker.sent(e.field()), e);
        }
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
                null,
                null,
                height,
                width,
                numFrames(),
                fps(),
                wanted.seed(),
                null);
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

    /** CogVideoX makes 8k+1 frames: the nearest to {@code seconds} of them, and the first one. */
    private static int frames(int seconds, int fps) {
        return 8 * (int) Math.round((double) seconds * fps / 8) + 1;
    }

    private Integer fps() {
        return wanted.fps() == null && wanted.seconds() != null ? Integer.valueOf(USUAL_FPS) : wanted.fps();
    }

    private static void refuseBoth(String field, String other, Object otherValue) {
        if (otherValue != null) {
            throw invalid(field, "cannot be sent together with " + other);
        }
    }

    private static ApiException invalid(String field, String reason) {
        return ApiException.of(ApiErrorCode.INVALID_VALUE, field, field + " " + reason);
    }

    /** The client's name for a field of the request. */
    private String sent(String field) {
        String flat = field.startsWith(PARAMETERS) ? field.substring(PARAMETERS.length()) : field;
        return switch (flat) {
            case "width", "height" -> wanted.size() == null ? flat : "size";
            case "num_frames" -> wanted.seconds() == null ? flat : "seconds";
            default -> flat;
        };
    }
}
