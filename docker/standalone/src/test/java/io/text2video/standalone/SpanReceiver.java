package io.text2video.standalone;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Takes spans by OTLP over HTTP, on loopback, as a collector does. */
final class SpanReceiver implements AutoCloseable {
    private static final HexFormat HEX = HexFormat.of();

    private final HttpServer server;
    private final List<Received> all = new CopyOnWriteArrayList<>();

    /**
     * A span.
     *
     * @param parent the id of the span that it is a part of; empty where it is of none
     * @param service what has sent it
     */
    record Received(String trace, String id, String parent, String service, Span span) {
        String name() {
            return span.getName();
        }

        Map<String, String> attributes() {
            return SpanReceiver.attributes(span.getAttributesList());
        }
    }

    SpanReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/v1/traces", exchange -> {
            take(ExportTraceServiceRequest.parseFrom(exchange.getRequestBody().readAllBytes()));
            exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    /** As {@code OTEL_EXPORTER_OTLP_ENDPOINT}. */
    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Those of a trace that have come so far. */
    List<Received> of(String trace) {
        return all.stream().filter(span -> span.trace().equals(trace)).toList();
    }

    /** Those of a job's deliveries and calls that have come so far, of whatever trace. */
    List<Received> ofJob(String id) {
        return all.stream()
                .filter(span -> id.equals(span.attributes().get("text2video.job.id")))
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** At once, so that who sees a span sees those that have ended before it. */
    private void take(ExportTraceServiceRequest request) {
        List<Received> taken = new ArrayList<>();
        request.getResourceSpansList().forEach(resource -> {
            String service =
                    attributes(resource.getResource().getAttributesList()).get("service.name");
            resource.getScopeSpansList().stream()
                    .flatMap(scope -> scope.getSpansList().stream())
                    .map(span -> new Received(
                            HEX.formatHex(span.getTraceId().toByteArray()),
                            HEX.formatHex(span.getSpanId().toByteArray()),
                            HEX.formatHex(span.getParentSpanId().toByteArray()),
                            service,
                            span))
                    .forEach(taken::add);
        });
        all.addAll(taken);
    }

    private static Map<String, String> attributes(List<KeyValue> attributes) {
        return attributes.stream()
                .collect(Collectors.toMap(
                        KeyValue::getKey,
                        attribute -> attribute.getValue().hasStringValue()
                                ? attribute.getValue().getStringValue()
                                : Long.toString(attribute.getValue().getIntValue())));
    }
}
