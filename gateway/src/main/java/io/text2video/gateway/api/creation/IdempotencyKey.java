package io.text2video.gateway.api.creation;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.text2video.common.job.Tenant;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a client names a request by that it may have to send again: the same key asks for the same job. */
public record IdempotencyKey(String value) {
    public static final String HEADER = "Idempotency-Key";

    /** Of the API's contract. */
    public static final String DESCRIPTION =
            "Names the request for 24 hours: the same one with the same key gets the same answer, another 422."
                    + " 1 to 255 visible ASCII characters, such as a UUID";

    private static final int MOST = 255;
    private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]{1," + MOST + "}");
    private static final int SHOWN = 40;

    /** @throws ApiException when there are several, or it is none */
    public static Optional<IdempotencyKey> of(HttpHeaders headers) {
        List<String> sent = headers.getRequestHeader(HEADER);
        if (sent == null || sent.isEmpty()) {
            return Optional.empty();
        }
        if (sent.size() > 1) {
            throw invalid("was sent %d times; a request has one".formatted(sent.size()));
        }
        String key = sent.get(0);
        if (!VISIBLE.matcher(key).matches()) {
            throw invalid("must be 1 to %d visible ASCII characters without spaces, such as a UUID, not %s"
                    .formatted(MOST, shown(key)));
        }
        return Optional.of(new IdempotencyKey(key));
    }

    /**
     * What its answer is kept under: hexadecimal digits, whatever the key is made of. Between tenant and key is a NUL, which
     * neither has: equal keys of two tenants are two.
     */
    public String name(Tenant tenant) {
        return Sha256.of((tenant + "\0" + value).getBytes(US_ASCII));
    }

    private static String shown(String key) {
        return key.length() <= SHOWN
                ? "\"" + key + "\""
                : "\"%s\"… (%d characters)".formatted(key.substring(0, SHOWN), key.length());
    }

    private static ApiException invalid(String reason) {
        return ApiException.of(ApiErrorCode.INVALID_VALUE, HEADER, HEADER + " " + reason);
    }
}
