package io.text2video.gateway.api.bodies;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import io.text2video.gateway.api.errors.EarlyAnswer;
import io.text2video.image.InputImage;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Set;

/**
 * How large bodies may be: 1 MiB, beside an image or a video. What says beforehand that it is larger is refused unread; of what
 * does not, no more is kept than may be.
 */
@Singleton
class BodyLimits {
    /** Bytes of everything but an image. */
    static final int TEXT = 1 << 20;

    /** Bytes of JSON, with an image in base64. */
    static final int JSON = TEXT + (InputImage.MAX_BYTES + 2) / 3 * 4;

    /** Bytes of a form, with an image as it is. */
    static final int FORM = TEXT + InputImage.MAX_BYTES;

    /** Bytes of a batch: 10,000 requests of 1.6 KB. */
    static final int BATCH = 16 << 20;

    /** Bytes of a video that comes in a form; larger ones come by the bucket. */
    static final int VIDEO = 32 << 20;

    /** Bytes of a form, with a video as it is. */
    static final int VIDEO_FORM = TEXT + VIDEO;

    private static final String BATCHES = "/v1/videos/batches";
    private static final Set<String> FROM_VIDEOS = Set.of("/v1/videos/edits", "/v1/videos/extensions");

    /** Before memory is reserved for it. */
    private static final int EARLY = 100;

    /** @throws ApiException when there are more bytes than {@code most} */
    static void check(long bytes, int most) {
        if (bytes > most) {
            throw tooLarge(most);
        }
    }

    void register(@Observes Filters filters) {
        filters.register(BodyLimits::refuseEarly, EARLY);
    }

    private static void refuseEarly(RoutingContext context) {
        HttpServerRequest request = context.request();
        int most = most(request);
        if (length(request) <= most) {
            context.next();
            return;
        }
        EarlyAnswer.refuse(request, tooLarge(most));
    }

    /** How many bytes the request's body may have: as many as it says, or the most of its type where it does not. */
    static long mostBytes(HttpServerRequest request) {
        if (request.getHeader(HttpHeaders.CONTENT_LENGTH) != null) {
            return length(request);
        }
        boolean hasBody = request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null
                || request.version() == HttpVersion.HTTP_2 && request.method() == HttpMethod.POST;
        return hasBody ? most(request) : 0;
    }

    /** Whether it is taken apart as JSON. */
    static boolean isJson(HttpServerRequest request) {
        return most(request) == JSON || isBatch(request);
    }

    private static boolean isBatch(HttpServerRequest request) {
        return request.path().equals(BATCHES);
    }

    private static long length(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length);
    }

    private static int most(HttpServerRequest request) {
        if (isBatch(request)) {
            return BATCH;
        }
        String contentType = request.getHeader(HttpHeaders.CONTENT_TYPE);
        String type = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
        return type.startsWith("application/json")
                ? JSON
                : type.startsWith("multipart/") ? FROM_VIDEOS.contains(request.path()) ? VIDEO_FORM : FORM : TEXT;
    }

    static ApiException tooLarge(long most) {
        return ApiException.of(ApiErrorCode.BODY_TOO_LARGE, "the body must not be larger than " + most + " bytes");
    }
}
