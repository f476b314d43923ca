package io.text2video.gateway.api;

import io.text2video.common.json.JsonCodec;
import io.text2video.gateway.api.creation.RefusedBatch;
import io.text2video.gateway.jobs.Video;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.Set;

/** The API's answers, written by the fleet's own mapper: one form of JSON on Kafka, in webhooks and here. */
@Provider
@Produces(MediaType.APPLICATION_JSON)
class JsonMessages implements MessageBodyWriter<Object> {
    private static final Set<Class<?>> WRITTEN = Set.of(
            Video.class,
            VideoList.class,
            VideoBatch.class,
            RefusedBatch.class,
            Model.class,
            ModelList.class,
            WebhookDeliveries.class,
            WebhookDeliveries.Delivery.class);

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
        body.write(JsonCodec.write(message));
    }
}
