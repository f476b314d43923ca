import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A video without HTTP: sends a request to Kafka and follows its events. With the jars of kafka-clients and slf4j-api:
 *
 * <pre>KAFKA=localhost:9092 java -cp kafka-clients.jar:slf4j-api.jar KafkaVideo.java</pre>
 */
class KafkaVideo {
    /** A program of more lines reads JSON with a library. */
    private static final Pattern TYPE = Pattern.compile("\"type\":\"(video\\.[a-z]+)\"");

    private static final Pattern DETAIL = Pattern.compile("\"(?:step|key)\":\"?([^,\"}]+)");

    public static void main(String[] args) throws Exception {
        String broker = System.getenv("KAFKA");
        String job = UUID.randomUUID().toString();
        Map<String, Object> consumed = Map.of("bootstrap.servers", broker, "enable.auto.commit", false);
        Map<String, Object> produced = Map.of("bootstrap.servers", broker, "acks", "all");
        try (var events = new KafkaConsumer<>(consumed, new StringDeserializer(), new StringDeserializer());
                var requests = new KafkaProducer<>(produced, new StringSerializer(), new StringSerializer())) {
            // Events are followed from before the request on, so that none is missed.
            List<TopicPartition> partitions = events.partitionsFor("video.events").stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            events.assign(partitions);
            events.seekToEnd(partitions);
            partitions.forEach(events::position); // the end is looked up only when asked for

            String request = "{\"id\": \"%s\", \"prompt\": \"a red ball moving left\", \"parameters\": {\"num_inference_steps\": 4}}";
            requests.send(new ProducerRecord<>("video.requests", job, request.formatted(job))).get();

            String type = "";
            while (!type.matches("video\\.(completed|failed|cancelled)")) {
                for (ConsumerRecord<String, String> event : events.poll(Duration.ofSeconds(1))) {
                    if (event.key().equals(job)) {
                        type = first(TYPE, event.value());
                        System.out.println(type + ": " + first(DETAIL, event.value()));
                    }
                }
            }
        }
    }

    private static String first(Pattern pattern, String json) {
        Matcher found = pattern.matcher(json);
        return found.find() ? found.group(1) : "";
    }
}
