package io.text2video.gateway.api.bodies;

import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/** A file of JSON objects, one a line, that a client sends: as the body, or as a form's part {@code file}. */
@SuppressWarnings("ArrayRecordComponent") // a carrier of bytes that nobody compares
public record JsonLines(byte[] content) implements Iterable<byte[]> {
    private static final Set<String> TYPES = Set.of("application/jsonl", "application/x-ndjson");
    private static final String FILE = "file";

    /**
     * @param contentType as the client says; null for nothing
     * @param body null for none
     * @throws ApiException when it is none, or too large
     */
    public static JsonLines read(String contentType, byte[] body) {
        byte[] bytes = body == null ? new byte[0] : body;
        BodyLimits.check(bytes.length, BodyLimits.BATCH);
        Optional<MediaType> type = SentBody.mediaType(contentType);
        if (type.filter(MediaType.MULTIPART_FORM_DATA_TYPE::isCompatible).isPresent()) {
            return new JsonLines(
                    file(MultipartForm.read(bytes, type.get().getParameters().get("boundary"))));
        }
        if (type.filter(named -> TYPES.contains((named.getType() + "/" + named.getSubtype()).toLowerCase(Locale.ROOT)))
                .isEmpty()) {
            throw ApiException.of(
                    ApiErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "the body must be application/jsonl or application/x-ndjson, or multipart/form-data with a part file, and"
                            + " Content-Type must say so");
        }
        return new JsonLines(bytes);
    }

    private static byte[] file(List<MultipartForm.Part> parts) {
        if (parts.size() != 1 || !parts.get(0).name().equals(FILE)) {
            throw ApiException.of(
                    ApiErrorCode.INVALID_VALUE, FILE, "file must be the form's one part, with a request in each line");
        }
        return parts.get(0).content();
    }

    /** How many lines there are. */
    public int count() {
        int ends = 0;
        for (byte each : content) {
            if (each == '\n') {
                ends++;
            }
        }
        boolean isLastEnded = content.length == 0 || content[content.length - 1] == '\n';
        return isLastEnded ? ends : ends + 1;
    }

    /** The lines without what ends them; that of the last one may be missing. */
    @Override
    public Iterator<byte[]> iterator() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < content.length;
            }

            @Override
            public byte[] next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                int end = next;
                while (end < content.length && content[end] != '\n') {
                    end++;
                }
                byte[] line = Arrays.copyOfRange(content, next, end > next && content[end - 1] == '\r' ? end - 1 : end);
                next = end + 1;
                return line;
            }
        };
    }
}
