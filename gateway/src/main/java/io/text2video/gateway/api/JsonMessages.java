package io.text2video.gateway.api;

import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.Messages;
import io.text2video.gateway.video.Video;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.Set;

/** The API's bodies, read and written by the fleet's own mapper: one form of JSON on Kafka, in webhooks and here. */
@Provider
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
class JsonMessages implements MessageBodyReader<NewVideo>, MessageBodyWriter<Object> {
    private static final Set<Class<?>> WRITTEN = Set.of(Video.class, VideoList.class, Model.class, ModelList.class);

    @Override
    public boolean isReadable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return type == NewVideo.class;
    }

    @Override
    public NewVideo readFrom(
            Class<NewVideo> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, String> headers,
            InputStream body)
            throws IOException {
        byte[] json = body.readNBytes(BodyLimits.JSON + 1);
        BodyLimits.check(json.length, BodyLimits.JSON);
        try {
            NewVideo wanted = Messages.readStrictly(json, type, BodyLimits.JSON);
            BodyLimits.check(json.length - imageCharacters(wanted), BodyLimits.TEXT);
            return wanted;
        } catch (InvalidMessageException e) {
            throw InvalidField.refusal(e);
        }
    }

    /** A data URL has one byte a character. */
    private static int imageCharacters(NewVideo wanted) {
        NewInputReference image = wanted.inputReference();
        return image == null || image.imageUrl() == null ? 0 : image.imageUrl().length();
    }

    @Override
    public boolean isWriteable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return WRITTEN.contains(type);
    }

    @Override
    public void writeTo(
            Object message,
            Class<?> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, Object> headers,
            OutputStream body)
            throws IOException {
        body.write(Messages.write(message));
    }
}
