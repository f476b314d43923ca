package io.text2video.gateway.api.bodies;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import org.jboss.resteasy.reactive.common.headers.HeaderUtil;
import org.jboss.resteasy.reactive.common.util.CaseInsensitiveMap;
import org.jboss.resteasy.reactive.server.core.multipart.MultipartParser;

/** Takes a body of {@code multipart/form-data} (RFC 7578) apart. */
final class MultipartForm implements MultipartParser.PartHandler {
    private static final int MOST_PARTS = 1000;

    /**
     * One field of the form.
     *
     * @param charset of its text, as its own Content-Type says
     * @param isFile whether it has a file's name
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of bytes that nobody compares
    record Part(String name, byte[] content, String charset, boolean isFile) {
        /** @throws ApiException when it is no text in its charset */
        String text() {
            try {
                return Charset.forName(charset)
                        .newDecoder()
                        .decode(ByteBuffer.wrap(content))
                        .toString();
            } catch (CharacterCodingException | IllegalArgumentException e) {
                throw ApiException.of(
                        ApiErrorCode.INVALID_VALUE, name, "%s must be text in %s".formatted(name, charset));
            }
        }
    }

    private final List<Part> parts = new ArrayList<>();
    private CaseInsensitiveMap<String> headers;
    private byte[] content;

    private MultipartForm() {}

    /**
     * The parts, in the order in which they were sent.
     *
     * @param boundary that is between them; null where Content-Type names none
     * @throws ApiException when it is no form, is cut short, or has too many parts
     */
    static List<Part> read(byte[] body, String boundary) {
        if (boundary == null || boundary.isEmpty()) {
            throw malformed("Content-Type must name the boundary between its parts");
        }
        var form = new MultipartForm();
        MultipartParser.ParseState parser = MultipartParser.beginParse(form, boundary.getBytes(US_ASCII), UTF_8.name());
        try {
            parser.parse(ByteBuffer.wrap(body));
        } catch (ApiException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw malformed("part %d is malformed".formatted(form.parts.size() + 1));
        }
        if (!parser.isComplete()) {
            throw malformed("it is cut short, or its parts are not divided as Content-Type says: it must end with --"
                    + boundary + "--");
        }
        return form.parts;
    }

    @Override
    public void beginPart(CaseInsensitiveMap<String> partHeaders) {
        headers = partHeaders;
        content = new byte[0];
    }

    /** A part comes in one piece, unless its encoding divides it. */
    @Override
    public void data(ByteBuffer piece) {
        ByteBuffer joined = ByteBuffer.allocate(content.length + piece.remaining());
        content = joined.put(content).put(piece).array();
    }

    @Override
    public void endPart() {
        String disposition = headers.getFirst(HttpHeaders.CONTENT_DISPOSITION);
        String name = disposition == null || !disposition.startsWith("form-data")
                ? null
                : HeaderUtil.extractQuotedValueFromHeader(disposition, "name");
        if (name == null) {
            throw malformed("part %d has no name".formatted(parts.size() + 1));
        }
        if (parts.size() == MOST_PARTS) {
            throw malformed("it has more than %d parts".formatted(MOST_PARTS));
        }
        boolean isFile = HeaderUtil.extractQuotedValueFromHeaderWithEncoding(disposition, "filename") != null;
        String type = headers.getFirst(HttpHeaders.CONTENT_TYPE);
        String charset = type == null ? null : HeaderUtil.extractQuotedValueFromHeader(type, "charset");
        parts.add(new Part(name, content, charset == null ? UTF_8.name() : charset, isFile));
    }

    private static ApiException malformed(String reason) {
        return ApiException.of(ApiErrorCode.INVALID_FORM, "the form cannot be read: " + reason);
    }
}
