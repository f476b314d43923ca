package io.text2video.gateway.size;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.EmbeddedServices;
import io.text2video.embedded.FreePort;
import io.text2video.embedded.TopicRecords;
import io.text2video.gateway.fleet.Cards;
import io.text2video.kafka.TopicInitializer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A broker with a gateway, and a model that no worker draws, for {@code bench/submits}:
 *
 * <pre>
 *   AcceptingGateway DIRECTORY GATEWAY.jar [JVM OPTION...]
 * </pre>
 *
 * Prints the gateway's URL and process id once it is ready. At the end of its input it prints topic and key of each request that
 * is on the broker, one a line, and ends both.
 */
public final class AcceptingGateway {
    private AcceptingGateway() {}

    public static void main(String[] arguments) throws Exception {
        Path data = Path.of(arguments[0]);
        try (var services = new EmbeddedServices(data)) {
            announce(Map.of("bootstrap.servers", services.bootstrapServers()));
            int port = FreePort.find();
            int managementPort = FreePort.find();
            Process gateway = MeasuredGateway.start(
                    services,
                    port,
                    managementPort,
                    data.resolve("gateway.log"),
                    arguments[1],
                    Arrays.asList(arguments).subList(2, arguments.length));
            try {
                String url = "http://127.0.0.1:" + port;
                awaitReady(gateway, managementPort);
                System.out.println(url + " " + gateway.pid());
                System.in.transferTo(OutputStream.nullOutputStream());
                for (Topic topic : List.of(Topic.REQUESTS, Topic.BACKLOG)) {
                    TopicRecords.all(services.bootstrapServers(), topic.topicName())
                            .forEach(request -> System.out.println(request.topic() + " " + request.key()));
                }
            } finally {
                gateway.destroy();
                gateway.waitFor();
            }
        }
    }

    private static void announce(Map<String, Object> kafka) {
        TopicInitializer.initialize(kafka, 4, Duration.ofSeconds(30));
        try (var producer = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                    Topic.MODELS.topicName(),
                    Cards.COGVIDEOX_2B.id().getBytes(UTF_8),
                    JsonCodec.write(Cards.COGVIDEOX_2B)));
        }
    }

    private static void awaitReady(Process gateway, int managementPort) throws InterruptedException {
        HttpClient http = HttpClient.newHttpClient();
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + "/q/health/ready"))
                .build();
        while (gateway.isAlive()) {
            try {
                if (http.send(request, BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // It does not listen yet.
            }
            Thread.sleep(100);
        }
        throw new IllegalStateException("the gateway has ended, with %d".formatted(gateway.exitValue()));
    }
}
